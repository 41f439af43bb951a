//! Calls into the crates that panic where they should fail: with room on the stack, and with a panic as an error that
//! leaves nothing on the terminal. Never changes how other panics are reported.

use std::any::Any;
use std::panic;
use std::sync::Once;
use std::thread;

use crate::error::Error;

/// Enough for options and messages as deep as the parser lets through.
const STACK_BYTES: usize = 64 << 20;
const THREAD: &str = "ironwire-quiet";

/// Runs `task` to its end on a thread of its own.
pub(super) fn run<T: Send>(task: impl FnOnce() -> Result<T, Error> + Send) -> Result<T, Error> {
    silence_panics();
    let thread = thread::Builder::new()
        .name(THREAD.to_owned())
        .stack_size(STACK_BYTES);
    thread::scope(|scope| match thread.spawn_scoped(scope, task) {
        Ok(running) => running
            .join()
            .unwrap_or_else(|panic| Err(panicked(&*panic))),
        Err(error) => Err(Error::source(format!(
            "error: cannot start a thread: {error}"
        ))),
    })
}

/// Keeps the panics of this module's threads off the terminal.
fn silence_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if thread::current().name() != Some(THREAD) {
                before(info);
            }
        }));
    });
}

fn panicked(panic: &(dyn Any + Send)) -> Error {
    let owned = panic.downcast_ref::<String>().map(String::as_str);
    let message = owned.or_else(|| panic.downcast_ref::<&str>().copied());
    let message = message.unwrap_or("no reason is known");
    Error::source(format!("error: the files are not supported: {message}"))
}
