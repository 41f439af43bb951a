//! `google.protobuf.Duration` and the durations of Rust. Never wraps around.

use crate::google::protobuf::Duration;
use crate::well_known::{NANOS_PER_SECOND, OutOfRange};

const OUT_OF_RANGE: OutOfRange = OutOfRange("google.protobuf.Duration");
/// duration.proto: "Must be from -315,576,000,000 to +315,576,000,000 inclusive."
const SECONDS_MAX: i64 = 315_576_000_000;

impl Duration {
    /// A span of `seconds` and `nanos`, which have the same sign.
    ///
    /// # Errors
    /// When they have not, there are more than 999,999,999 nanoseconds, or the seconds are out of range.
    pub fn new(seconds: i64, nanos: i32) -> Result<Self, OutOfRange> {
        let duration = Self {
            seconds,
            nanos,
            ..Self::default()
        };
        match duration.is_valid() {
            true => Ok(duration),
            false => Err(OUT_OF_RANGE),
        }
    }

    /// Whether both fields are in their range and of the same sign.
    pub fn is_valid(&self) -> bool {
        (-SECONDS_MAX..=SECONDS_MAX).contains(&self.seconds)
            && (-999_999_999..=999_999_999).contains(&self.nanos)
            && (self.seconds == 0 || self.nanos == 0 || (self.seconds < 0) == (self.nanos < 0))
    }

    /// The sum; nothing where it is out of range.
    ///
    /// ```
    /// use ironwire_message::google::protobuf::Duration;
    ///
    /// let half = Duration::new(0, -500_000_000)?;
    /// let whole = Duration::new(-1, 0)?;
    /// assert_eq!(half.checked_add(&half).as_ref(), Some(&whole));
    /// assert_eq!(Duration::new(-315_576_000_000, 0)?.checked_add(&whole), None);
    /// # Ok::<(), ironwire_message::OutOfRange>(())
    /// ```
    pub fn checked_add(&self, other: &Self) -> Option<Self> {
        Self::from_nanos(self.total_nanos() + other.total_nanos()).ok()
    }

    /// The difference; nothing where it is out of range.
    pub fn checked_sub(&self, other: &Self) -> Option<Self> {
        Self::from_nanos(self.total_nanos() - other.total_nanos()).ok()
    }

    /// The span in nanoseconds, which no pair of fields overflows.
    pub(super) fn total_nanos(&self) -> i128 {
        i128::from(self.seconds) * NANOS_PER_SECOND + i128::from(self.nanos)
    }

    pub(super) fn from_nanos(nanos: i128) -> Result<Self, OutOfRange> {
        let seconds = i64::try_from(nanos / NANOS_PER_SECOND).map_err(|_| OUT_OF_RANGE)?;
        Self::new(seconds, (nanos % NANOS_PER_SECOND) as i32)
    }
}

/// Fails where the span is longer than about 10,000 years.
///
/// ```
/// use ironwire_message::google::protobuf::Duration;
///
/// let duration = Duration::try_from(std::time::Duration::from_millis(1_500))?;
/// assert_eq!((duration.seconds, duration.nanos), (1, 500_000_000));
/// assert_eq!(std::time::Duration::try_from(duration)?.as_millis(), 1_500);
/// assert!(std::time::Duration::try_from(Duration::new(-1, 0)?).is_err());
/// # Ok::<(), ironwire_message::OutOfRange>(())
/// ```
impl TryFrom<core::time::Duration> for Duration {
    type Error = OutOfRange;

    fn try_from(duration: core::time::Duration) -> Result<Self, OutOfRange> {
        let seconds = i64::try_from(duration.as_secs()).map_err(|_| OUT_OF_RANGE)?;
        Self::new(seconds, duration.subsec_nanos() as i32)
    }
}

/// Fails where the span is negative or its fields are out of range.
impl TryFrom<Duration> for core::time::Duration {
    type Error = OutOfRange;

    fn try_from(duration: Duration) -> Result<Self, OutOfRange> {
        if !duration.is_valid() {
            return Err(OUT_OF_RANGE);
        }
        match (
            u64::try_from(duration.seconds),
            u32::try_from(duration.nanos),
        ) {
            (Ok(seconds), Ok(nanos)) => Ok(Self::new(seconds, nanos)),
            _ => Err(OutOfRange("std::time::Duration")),
        }
    }
}

/// Fails where the span is longer than about 10,000 years.
///
/// ```
/// use ironwire_message::google::protobuf::Duration;
///
/// let duration = Duration::try_from(jiff::SignedDuration::from_millis(-1_500))?;
/// assert_eq!((duration.seconds, duration.nanos), (-1, -500_000_000));
/// assert_eq!(jiff::SignedDuration::try_from(duration)?.as_millis(), -1_500);
/// # Ok::<(), ironwire_message::OutOfRange>(())
/// ```
#[cfg(feature = "jiff")]
impl TryFrom<jiff::SignedDuration> for Duration {
    type Error = OutOfRange;

    fn try_from(duration: jiff::SignedDuration) -> Result<Self, OutOfRange> {
        Self::new(duration.as_secs(), duration.subsec_nanos())
    }
}

/// Fails where the fields are out of range.
#[cfg(feature = "jiff")]
impl TryFrom<Duration> for jiff::SignedDuration {
    type Error = OutOfRange;

    fn try_from(duration: Duration) -> Result<Self, OutOfRange> {
        match duration.is_valid() {
            true => Ok(Self::new(duration.seconds, duration.nanos)),
            false => Err(OUT_OF_RANGE),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_have_one_sign() {
        assert!(Duration::new(-1, -1).is_ok());
        assert!(Duration::new(0, -1).is_ok());
        assert!(Duration::new(1, -1).is_err());
        assert!(Duration::new(-1, 1).is_err());
        assert!(Duration::new(0, 1_000_000_000).is_err());
        assert!(Duration::new(SECONDS_MAX, 999_999_999).is_ok());
        assert!(Duration::new(SECONDS_MAX + 1, 0).is_err());
    }

    #[test]
    fn arithmetic_stops_at_the_range() {
        let second = Duration::new(1, 0).unwrap();
        let half = Duration::new(0, 500_000_000).unwrap();
        assert_eq!(
            half.checked_sub(&second),
            Duration::new(0, -500_000_000).ok()
        );
        assert_eq!(half.checked_add(&half), Some(second.clone()));
        let longest = Duration::new(SECONDS_MAX, 0).unwrap();
        assert_eq!(longest.checked_add(&second), None);
        let broken = Duration {
            seconds: i64::MIN,
            nanos: i32::MIN,
            ..Duration::default()
        };
        assert_eq!(broken.checked_sub(&longest), None);
    }

    #[test]
    fn std_durations() {
        let std = core::time::Duration::new(3, 5);
        let duration = Duration::try_from(std).unwrap();
        assert_eq!((duration.seconds, duration.nanos), (3, 5));
        assert_eq!(core::time::Duration::try_from(duration), Ok(std));
        assert!(Duration::try_from(core::time::Duration::MAX).is_err());
        let negative = Duration::new(-1, 0).unwrap();
        assert!(core::time::Duration::try_from(negative).is_err());
    }

    #[cfg(feature = "jiff")]
    #[test]
    fn jiff_durations() {
        let jiff = jiff::SignedDuration::new(-3, -5);
        let duration = Duration::try_from(jiff).unwrap();
        assert_eq!((duration.seconds, duration.nanos), (-3, -5));
        assert_eq!(jiff::SignedDuration::try_from(duration), Ok(jiff));
        assert!(Duration::try_from(jiff::SignedDuration::MAX).is_err());
    }
}
