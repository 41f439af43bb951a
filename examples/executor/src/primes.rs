//! Work that takes a processor some time.
//!
//! Never uses memory in proportion to the task: its size is the client's choice.

use crate::executor::Task;
use ironwire::Cancellation;

/// Counts the primes below the task's limit by trial division; stops where it is when the result is no longer wanted.
pub fn count_primes(task: &Task, cancellation: &Cancellation) -> u64 {
    let wanted = (2..task.limit).take_while(|_| !cancellation.is_cancelled());
    wanted
        .filter(|&number| is_prime(number))
        .fold(0, |count, _| count + 1)
}

fn is_prime(number: u64) -> bool {
    let mut divisors = (2..).take_while(|divisor| divisor * divisor <= number);
    number >= 2 && divisors.all(|divisor| !number.is_multiple_of(divisor))
}
