//! `protox-compile ROOT LIST OUT`: what `protoc -I ROOT --include_imports --include_source_info -o OUT @LIST` does, by
//! protox. It never reports more than the first error.

use prost::Message;
use std::{env, error::Error, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [root, list, out] = arguments.as_slice() else {
        return Err("usage: protox-compile ROOT LIST OUT".into());
    };
    let list = fs::read_to_string(list)?;
    let mut compiler = protox::Compiler::new([root])?;
    compiler.include_imports(true).include_source_info(true);
    compiler.open_files(list.lines())?;
    fs::write(out, compiler.file_descriptor_set().encode_to_vec())?;
    Ok(())
}
