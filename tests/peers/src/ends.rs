//! Which calls are over, for those who wait for it.
//!
//! Never forgets: a test's server is short-lived.

use std::collections::HashSet;
use tokio::sync::watch;

/// The keys of the calls that are over.
#[derive(Clone, Default)]
pub(crate) struct Ends {
    keys: watch::Sender<HashSet<String>>,
}

impl Ends {
    pub(crate) fn mark(&self, key: String) {
        self.keys.send_modify(|keys| {
            keys.insert(key);
        });
    }

    pub(crate) async fn wait(&self, key: &str) {
        let mut keys = self.keys.subscribe();
        // The sender lives as long as `self`, so there is no error.
        let _ = keys.wait_for(|keys| keys.contains(key)).await;
    }
}
