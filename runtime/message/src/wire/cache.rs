//! What the processor has in its cache. Never reads or writes anything itself.
#![allow(unsafe_code)]
// Unsafe, as a hint to the processor is a function of the processor: encoding the mk48 data set takes a quarter less time.

/// Has the value of this index brought into the cache, if there is one and the processor can; of a large one the first lines.
#[inline(always)]
pub(super) fn prefetch<T>(values: &[T], index: usize) {
    #[cfg(target_arch = "x86_64")]
    if let Some(value) = values.get(index) {
        use core::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        let lines = (&raw const *value).cast::<[i8; 64]>();
        for line in 0..size_of::<T>().div_ceil(64).min(8) {
            // SAFETY: a hint, which reads nothing.
            unsafe { _mm_prefetch::<_MM_HINT_T0>(lines.wrapping_add(line).cast()) };
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (values, index);
}
