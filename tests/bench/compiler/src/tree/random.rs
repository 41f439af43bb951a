//! Numbers and words that a seed determines. No clock, no entropy: equal seeds give equal trees.

/// What names and prose are made of.
pub(crate) const WORDS: [&str; 48] = [
    "account", "archive", "backup", "batch", "billing", "budget", "catalog", "channel", "cluster",
    "config", "contact", "cursor", "dataset", "device", "digest", "endpoint", "event", "export",
    "filter", "folder", "gateway", "index", "invoice", "journal", "kernel", "label", "ledger",
    "location", "metric", "network", "order", "parcel", "policy", "project", "queue", "quota",
    "record", "region", "report", "schedule", "session", "shard", "snapshot", "status", "target",
    "ticket", "volume", "window",
];

/// SplitMix64.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Below a bound, which must not be 0.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((bits ^ (bits >> 31)) % bound as u64) as usize
    }

    pub(crate) fn one_in(&mut self, bound: usize) -> bool {
        self.below(bound) == 0
    }

    pub(crate) fn pick<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len())]
    }

    pub(crate) fn word(&mut self) -> &'static str {
        self.pick(&WORDS)
    }

    /// A word with a capital.
    pub(crate) fn capital(&mut self) -> String {
        let word = self.word();
        word[..1].to_uppercase() + &word[1..]
    }
}
