//! `google.protobuf.Timestamp` and the points in time of Rust. Never wraps around.

use crate::google::protobuf::{Duration, Timestamp};
use crate::well_known::{NANOS_PER_SECOND, OutOfRange};

const OUT_OF_RANGE: OutOfRange = OutOfRange("google.protobuf.Timestamp");
/// timestamp.proto: "Must be between -62135596800 and 253402300799 inclusive (which corresponds to 0001-01-01T00:00:00Z to
/// 9999-12-31T23:59:59Z)."
const SECONDS_MIN: i64 = -62_135_596_800;
const SECONDS_MAX: i64 = 253_402_300_799;

impl Timestamp {
    /// The point that lies `seconds` after the Unix epoch and `nanos` after that.
    ///
    /// # Errors
    /// When the point is not in the years 1 to 9999 or the nanoseconds are not from 0 to 999,999,999.
    pub fn new(seconds: i64, nanos: i32) -> Result<Self, OutOfRange> {
        let timestamp = Self {
            seconds,
            nanos,
            ..Self::default()
        };
        match timestamp.is_valid() {
            true => Ok(timestamp),
            false => Err(OUT_OF_RANGE),
        }
    }

    /// Whether both fields are in their range.
    pub fn is_valid(&self) -> bool {
        (SECONDS_MIN..=SECONDS_MAX).contains(&self.seconds)
            && (0..=999_999_999).contains(&self.nanos)
    }

    /// The point that lies `duration` later; nothing where it is out of range.
    ///
    /// ```
    /// use ironwire_message::google::protobuf::{Duration, Timestamp};
    ///
    /// let eve = Timestamp::new(946_684_799, 500_000_000)?;
    /// let second = Duration::new(1, 0)?;
    /// assert_eq!(eve.checked_add(&second), Some(Timestamp::new(946_684_800, 500_000_000)?));
    /// assert_eq!(Timestamp::new(253_402_300_799, 0)?.checked_add(&second), None);
    /// # Ok::<(), ironwire_message::OutOfRange>(())
    /// ```
    pub fn checked_add(&self, duration: &Duration) -> Option<Self> {
        Self::from_nanos(self.total_nanos() + duration.total_nanos()).ok()
    }

    /// The point that lies `duration` earlier; nothing where it is out of range.
    pub fn checked_sub(&self, duration: &Duration) -> Option<Self> {
        Self::from_nanos(self.total_nanos() - duration.total_nanos()).ok()
    }

    /// The time from `earlier` to this point, negative where that is later; nothing where it is out of range.
    pub fn checked_duration_since(&self, earlier: &Self) -> Option<Duration> {
        Duration::from_nanos(self.total_nanos() - earlier.total_nanos()).ok()
    }

    fn total_nanos(&self) -> i128 {
        i128::from(self.seconds) * NANOS_PER_SECOND + i128::from(self.nanos)
    }

    fn from_nanos(nanos: i128) -> Result<Self, OutOfRange> {
        let seconds =
            i64::try_from(nanos.div_euclid(NANOS_PER_SECOND)).map_err(|_| OUT_OF_RANGE)?;
        Self::new(seconds, nanos.rem_euclid(NANOS_PER_SECOND) as i32)
    }
}

/// Fails where the point is not in the years 1 to 9999.
///
/// ```
/// use ironwire_message::google::protobuf::Timestamp;
/// use std::time::{Duration, SystemTime};
///
/// let time = SystemTime::UNIX_EPOCH - Duration::from_millis(1_500);
/// let timestamp = Timestamp::try_from(time)?;
/// assert_eq!((timestamp.seconds, timestamp.nanos), (-2, 500_000_000));
/// assert_eq!(SystemTime::try_from(timestamp)?, time);
/// # Ok::<(), ironwire_message::OutOfRange>(())
/// ```
#[cfg(feature = "std")]
impl TryFrom<std::time::SystemTime> for Timestamp {
    type Error = OutOfRange;

    fn try_from(time: std::time::SystemTime) -> Result<Self, OutOfRange> {
        let nanos = match time.duration_since(std::time::UNIX_EPOCH) {
            Ok(after) => i128::try_from(after.as_nanos()),
            Err(before) => i128::try_from(before.duration().as_nanos()).map(|nanos| -nanos),
        };
        Self::from_nanos(nanos.map_err(|_| OUT_OF_RANGE)?)
    }
}

/// Fails where the fields are out of range, or the point is out of the range of the platform's clock.
#[cfg(feature = "std")]
impl TryFrom<Timestamp> for std::time::SystemTime {
    type Error = OutOfRange;

    fn try_from(timestamp: Timestamp) -> Result<Self, OutOfRange> {
        if !timestamp.is_valid() {
            return Err(OUT_OF_RANGE);
        }
        let whole = std::time::Duration::from_secs(timestamp.seconds.unsigned_abs());
        let nanos = std::time::Duration::from_nanos(timestamp.nanos.unsigned_abs().into());
        let second = match timestamp.seconds < 0 {
            true => std::time::UNIX_EPOCH.checked_sub(whole),
            false => std::time::UNIX_EPOCH.checked_add(whole),
        };
        let time = second.and_then(|second| second.checked_add(nanos));
        time.ok_or(OutOfRange("std::time::SystemTime"))
    }
}

/// Fails where the point is not in the years 1 to 9999.
///
/// ```
/// use ironwire_message::google::protobuf::Timestamp;
///
/// let time = jiff::Timestamp::from_millisecond(-1_500).unwrap();
/// let timestamp = Timestamp::try_from(time)?;
/// assert_eq!((timestamp.seconds, timestamp.nanos), (-2, 500_000_000));
/// assert_eq!(jiff::Timestamp::try_from(timestamp)?, time);
/// # Ok::<(), ironwire_message::OutOfRange>(())
/// ```
#[cfg(feature = "jiff")]
impl TryFrom<jiff::Timestamp> for Timestamp {
    type Error = OutOfRange;

    fn try_from(timestamp: jiff::Timestamp) -> Result<Self, OutOfRange> {
        Self::from_nanos(timestamp.as_nanosecond())
    }
}

/// Fails where the fields are out of range, or in the last day of the year 9999, which jiff leaves to time zones.
#[cfg(feature = "jiff")]
impl TryFrom<Timestamp> for jiff::Timestamp {
    type Error = OutOfRange;

    fn try_from(timestamp: Timestamp) -> Result<Self, OutOfRange> {
        if !timestamp.is_valid() {
            return Err(OUT_OF_RANGE);
        }
        let found = Self::from_nanosecond(timestamp.total_nanos());
        found.map_err(|_| OutOfRange("jiff::Timestamp"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_stops_at_the_range() {
        let first = Timestamp::new(SECONDS_MIN, 0).unwrap();
        let last = Timestamp::new(SECONDS_MAX, 999_999_999).unwrap();
        let nano = Duration::new(0, 1).unwrap();
        assert_eq!(first.checked_sub(&nano), None);
        assert_eq!(last.checked_add(&nano), None);
        let epoch = Timestamp::default();
        assert_eq!(
            epoch.checked_sub(&nano),
            Timestamp::new(-1, 999_999_999).ok()
        );
        let span = last.checked_duration_since(&first).unwrap();
        assert_eq!(first.checked_add(&span), Some(last.clone()));
        assert_eq!(
            first.checked_duration_since(&last).unwrap().seconds,
            -span.seconds
        );
        assert!(Timestamp::new(0, -1).is_err());
        assert!(Timestamp::new(SECONDS_MAX + 1, 0).is_err());
    }

    #[cfg(feature = "std")]
    #[test]
    fn system_times() {
        use std::time::{Duration, SystemTime, UNIX_EPOCH};

        for (time, seconds, nanos) in [
            (UNIX_EPOCH, 0, 0),
            (UNIX_EPOCH + Duration::from_nanos(1), 0, 1),
            (UNIX_EPOCH - Duration::from_nanos(1), -1, 999_999_999),
        ] {
            let timestamp = Timestamp::try_from(time).unwrap();
            assert_eq!((timestamp.seconds, timestamp.nanos), (seconds, nanos));
            assert_eq!(SystemTime::try_from(timestamp), Ok(time));
        }
        let late = UNIX_EPOCH + Duration::from_secs(253_402_300_800);
        assert!(Timestamp::try_from(late).is_err());
        let broken = Timestamp {
            nanos: -1,
            ..Timestamp::default()
        };
        assert!(SystemTime::try_from(broken).is_err());
    }

    #[cfg(feature = "jiff")]
    #[test]
    fn jiff_timestamps() {
        let jiff = jiff::Timestamp::new(-5, -1).unwrap();
        let timestamp = Timestamp::try_from(jiff).unwrap();
        assert_eq!((timestamp.seconds, timestamp.nanos), (-6, 999_999_999));
        assert_eq!(jiff::Timestamp::try_from(timestamp), Ok(jiff));
        let last = Timestamp::new(SECONDS_MAX, 0).unwrap();
        assert!(jiff::Timestamp::try_from(last).is_err());
    }
}
