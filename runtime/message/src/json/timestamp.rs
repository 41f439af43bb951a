//! The JSON form of `google.protobuf.Timestamp`: RFC 3339, as timestamp.proto's "JSON Mapping" narrows it.
//!
//! Never reads a clock and knows no time zones beyond the numeric offset of the text.

use alloc::format;
use alloc::string::String;
use core::ops::RangeInclusive;

const SECONDS_PER_DAY: i64 = 86_400;

/// From `0001-01-01T00:00:00Z` to the last second of the year 9999.
pub(super) const SECONDS: RangeInclusive<i64> = -62_135_596_800..=253_402_300_799;
const NANOS: RangeInclusive<i32> = 0..=999_999_999;

/// Writes a point in time as UTC with 0, 3, 6 or 9 digits of fraction; `None` when it is out of range.
pub(super) fn format(seconds: i64, nanos: i32) -> Option<String> {
    if !SECONDS.contains(&seconds) || !NANOS.contains(&nanos) {
        return None;
    }
    let (year, month, day) = civil_from_days(seconds.div_euclid(SECONDS_PER_DAY));
    let of_day = seconds.rem_euclid(SECONDS_PER_DAY);
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    let mut text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
    super::fraction::write(&mut text, nanos.unsigned_abs());
    text.push('Z');
    Some(text)
}

/// Reads `YYYY-MM-DDThh:mm:ss[.fraction](Z|±hh:mm)` into seconds and nanoseconds since the Unix epoch.
pub(super) fn parse(text: &str) -> Option<(i64, i32)> {
    let mut cursor = Cursor(text.as_bytes());
    let year = cursor.number(4)?;
    cursor.expect(b'-')?;
    let month = cursor.number(2)?;
    cursor.expect(b'-')?;
    let day = cursor.number(2)?;
    cursor.expect(b'T')?;
    let hour = cursor.number(2)?;
    cursor.expect(b':')?;
    let minute = cursor.number(2)?;
    cursor.expect(b':')?;
    let second = cursor.number(2)?;
    let nanos = cursor.fraction()?;
    let offset = cursor.offset()?;
    let legal = (1..=12).contains(&month)
        && (1..=days_in_month(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60
        && cursor.0.is_empty();
    if !legal {
        return None;
    }
    let seconds =
        days_from_civil(year, month, day) * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second
            - offset;
    SECONDS.contains(&seconds).then_some((seconds, nanos))
}

/// What is still to be read.
struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    fn expect(&mut self, byte: u8) -> Option<()> {
        self.0 = self.0.strip_prefix(&[byte])?;
        Some(())
    }

    fn number(&mut self, width: usize) -> Option<i64> {
        let (digits, rest) = self.0.split_at_checked(width)?;
        self.0 = rest;
        digits.iter().try_fold(0, |value, byte| {
            byte.is_ascii_digit()
                .then(|| value * 10 + i64::from(byte - b'0'))
        })
    }

    /// Nanoseconds from `.` and one to nine digits, or none of them.
    fn fraction(&mut self) -> Option<i32> {
        let Some(rest) = self.0.strip_prefix(b".") else {
            return Some(0);
        };
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = rest.split_at(count);
        self.0 = rest;
        super::fraction::parse(digits)
    }

    /// Seconds east of UTC.
    fn offset(&mut self) -> Option<i64> {
        let (&sign, rest) = self.0.split_first()?;
        self.0 = rest;
        let sign = match sign {
            b'Z' => return Some(0),
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        let hours = self.number(2)?;
        self.expect(b':')?;
        let minutes = self.number(2)?;
        (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
    }
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 of a date in the proleptic Gregorian calendar. Years are counted from March, so that the leap
/// day is a year's last.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The inverse of [`days_from_civil`]: year, month and day.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, seconds: i64, nanos: i32) {
        assert_eq!(parse(text), Some((seconds, nanos)), "{text}");
        assert_eq!(format(seconds, nanos).as_deref(), Some(text));
    }

    #[test]
    fn points_in_time_are_written_and_read() {
        check("1970-01-01T00:00:00Z", 0, 0);
        check("0001-01-01T00:00:00Z", *SECONDS.start(), 0);
        check(
            "9999-12-31T23:59:59.999999999Z",
            *SECONDS.end(),
            999_999_999,
        );
        check("1969-12-31T23:59:59.500Z", -1, 500_000_000);
        check("1972-06-30T23:59:59.000001Z", 78_796_799, 1_000);
        check("2000-02-29T12:34:56.000000001Z", 951_827_696, 1);
        check("1993-02-10T00:00:00Z", 729_302_400, 0);
    }

    #[test]
    fn every_day_of_the_range_has_its_date() {
        let mut last = (0, 12, 31);
        for days in *SECONDS.start() / SECONDS_PER_DAY..=*SECONDS.end() / SECONDS_PER_DAY {
            let (year, month, day) = civil_from_days(days);
            assert_eq!(days_from_civil(year, month, day), days);
            assert!((year, month, day) > last);
            assert!(day <= days_in_month(year, month));
            last = (year, month, day);
        }
        assert_eq!(last, (9999, 12, 31));
    }

    #[test]
    fn offsets_are_taken_off() {
        assert_eq!(parse("1970-01-01T08:00:01+08:00"), Some((1, 0)));
        assert_eq!(
            parse("1969-12-31T16:00:01.25-08:00"),
            Some((1, 250_000_000))
        );
    }

    #[test]
    fn malformed_or_impossible_times_are_refused() {
        for text in [
            "",
            "0000-01-01T00:00:00Z",
            "10000-01-01T00:00:00Z",
            "0001-01-01T00:00:00+00:01",
            "1970-01-01T00:00:00",
            "1970-01-01 00:00:00Z",
            "1970-01-01t00:00:00Z",
            "1970-01-01T00:00:00z",
            "1970-01-01T00:00:00+0800",
            "1970-01-01T00:00:00+24:00",
            "1970-01-01T00:00:00.Z",
            "1970-01-01T00:00:00.1234567890Z",
            "1970-02-29T00:00:00Z",
            "1900-02-29T00:00:00Z",
            "1970-13-01T00:00:00Z",
            "1970-01-01T24:00:00Z",
            "1970-01-01T00:00:60Z",
            "1970-01-01T00:00:00ZZ",
            "+970-01-01T00:00:00Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(format(*SECONDS.end() + 1, 0), None);
        assert_eq!(format(0, -1), None);
        assert_eq!(format(0, 1_000_000_000), None);
    }
}
