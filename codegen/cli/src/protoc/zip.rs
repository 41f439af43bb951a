//! `--NAME_out=FILE.zip` and `.jar`: the files of an output, stored without compression (zip_writer.cc; APPNOTE.TXT 4.3).
//!
//! Never reads a clock: every file is as old as the format allows.

use flate2::Crc;

/// 1980-01-01, the first day there is.
const DOS_DATE: u16 = 1 << 5 | 1;
const VERSION: u16 = 10;

/// The archive.
pub(super) fn archive<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let mut archive = Vec::new();
    let mut directory = Vec::new();
    let mut count = 0_u16;
    for (name, content) in files {
        let offset = archive.len();
        let header = header(name, content);
        archive.extend(*b"PK\x03\x04");
        archive.extend(&header);
        archive.extend(name.as_bytes());
        archive.extend(content);

        directory.extend(*b"PK\x01\x02");
        directory.extend(VERSION.to_le_bytes());
        directory.extend(&header);
        // Comment's length, disk, attributes inside and outside.
        directory.extend([0; 10]);
        directory.extend(word(offset));
        directory.extend(name.as_bytes());
        count = count.wrapping_add(1);
    }
    let offset = archive.len();
    archive.extend(&directory);
    archive.extend(*b"PK\x05\x06");
    // This disk, and the disk of the directory.
    archive.extend([0; 4]);
    archive.extend(count.to_le_bytes());
    archive.extend(count.to_le_bytes());
    archive.extend(word(directory.len()));
    archive.extend(word(offset));
    archive.extend([0; 2]);
    archive
}

/// What the header of a file and its entry in the directory have in common: from the version needed to the lengths.
fn header(name: &str, content: &[u8]) -> Vec<u8> {
    let mut crc = Crc::new();
    crc.update(content);
    let mut header = Vec::new();
    // Version, flags, method, time, date.
    for value in [VERSION, 0, 0, 0, DOS_DATE] {
        header.extend(value.to_le_bytes());
    }
    header.extend(crc.sum().to_le_bytes());
    header.extend(word(content.len()));
    header.extend(word(content.len()));
    header.extend(&word(name.len())[..2]);
    // No extra field.
    header.extend([0; 2]);
    header
}

/// The format ends at 4 GiB, as protoc's does.
fn word(value: usize) -> [u8; 4] {
    (value as u32).to_le_bytes()
}
