//! What happens to a peer that means harm, to its neighbours, and to memory?
//!
//! Each attack is bytes of HTTP/2 made by hand. While it goes on, a call of a well-behaved client of the same server goes on
//! too; memory is counted from before the attack, the attacker's own included, and afterwards all of it is back.

#[path = "hostile/attack.rs"]
mod attack;
#[path = "hostile/client.rs"]
mod client;
#[path = "hostile/cuts.rs"]
mod cuts;
#[path = "hostile/floods.rs"]
mod floods;
#[path = "hostile/handshakes.rs"]
mod handshakes;
#[path = "hostile/headers.rs"]
mod headers;
#[path = "hostile/idle.rs"]
mod idle;
#[path = "hostile/messages.rs"]
mod messages;
#[path = "hostile/slow.rs"]
mod slow;
#[path = "hostile/starts.rs"]
mod starts;
#[path = "hostile/streams.rs"]
mod streams;
#[path = "hostile/windows.rs"]
mod windows;

#[global_allocator]
static COUNTING: ironwire_tests::allocation::Counting = ironwire_tests::allocation::Counting;
