//! What interceptors do to the messages of a call: functions over encoded messages.
//!
//! Never sees a message's type.

use crate::Status;
use bytes::Bytes;

/// Sees an encoded message, and gives back the one to use instead, or the status to end the call with.
pub(crate) type MessageHook = Box<dyn FnMut(Bytes) -> Result<Bytes, Status> + Send>;

/// The hooks on one direction of a call, run in the order in which they were added.
#[derive(Default)]
pub(crate) struct Hooks {
    hooks: Vec<MessageHook>,
}

impl Hooks {
    pub(crate) fn push(&mut self, hook: MessageHook) {
        self.hooks.push(hook);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.hooks.is_empty()
    }

    pub(crate) fn run(&mut self, message: Bytes) -> Result<Bytes, Status> {
        self.hooks
            .iter_mut()
            .try_fold(message, |message, hook| hook(message))
    }
}
