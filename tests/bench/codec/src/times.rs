//! CPU time of decoding and encoding. Peers take turns, round by round, so that what disturbs the machine disturbs all of them.

use crate::Error;
use crate::clock::{time, times_per_turn};
use crate::peers::{NAMES, Work};
use crate::sets::{Entry, Set};
use crate::table::Table;

pub(crate) fn run(entries: &[&Entry], rounds: usize, turn_ms: u64) -> Result<(), Error> {
    let mut table = Table::new(NAMES);
    for entry in entries {
        eprintln!("{}", entry.name);
        let set = entry.make()?;
        set.check()?;
        for (work, name) in [(Work::Decode, "decode"), (Work::Encode, "encode")] {
            let row = format!("{}, {} B, {name}", set.name, set.bytes.len());
            table.add(row, measure(&set, work, rounds, turn_ms));
        }
    }
    println!("{}", table.markdown("CPU time, us"));
    Ok(())
}

/// Microseconds, by peer and by round. The first round, which warms the caches and the allocator, does not count.
fn measure(set: &Set, work: Work, rounds: usize, turn_ms: u64) -> Vec<Vec<f64>> {
    let times = set
        .peers
        .each_ref()
        .map(|peer| times_per_turn(turn_ms, |times| peer.work(work, &set.bytes, times)));
    let mut samples = vec![Vec::new(); set.peers.len()];
    for round in 0..=rounds {
        for (i, peer) in set.peers.iter().enumerate() {
            let taken = time(|| peer.work(work, &set.bytes, times[i]));
            if round > 0 {
                samples[i].push(taken.as_secs_f64() * 1e6 / f64::from(times[i]));
            }
        }
    }
    samples
}
