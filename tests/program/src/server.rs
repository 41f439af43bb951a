//! A server program: started, found, asked to end.
//!
//! Never left behind: it is killed when its handle is dropped.

use std::io::{self, BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// After this a program that was asked to end counts as stuck.
const END_TIME_MAX: Duration = Duration::from_secs(60);

/// A server program that is listening.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Taken to be read to its end.
    stdout: Option<BufReader<ChildStdout>>,
    address: String,
}

impl Server {
    /// Starts the program and waits for its line `listening on ADDRESS`.
    ///
    /// # Panics
    /// When it cannot be started, or prints something else first.
    pub fn start(program: &str, args: &[&str]) -> Server {
        let mut child = Command::new(program)
            .args(args)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{program}: {error}"));
        let mut stdout = BufReader::new(child.stdout.take().expect("its output is piped"));
        let mut server = Server {
            child,
            stdout: None,
            address: String::new(),
        };
        let mut line = String::new();
        stdout.read_line(&mut line).expect("its output is text");
        server.stdout = Some(stdout);
        server.address = match line.trim_end().strip_prefix("listening on ") {
            Some(address) => address.to_owned(),
            None => panic!("{program} printed {line:?} instead of where it listens"),
        };
        server
    }

    /// Where it listens.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Asks the program to end, as a service manager does, and waits until it has.
    ///
    /// # Panics
    /// When it goes on for a minute.
    pub fn terminate(mut self) -> ExitStatus {
        let pid = self.child.id().to_string();
        let signalled = Command::new("sh")
            .args(["-c", "kill -TERM \"$0\"", &pid])
            .status();
        assert!(signalled.is_ok_and(|status| status.success()));
        self.wait()
    }

    /// Waits for the end of its output, which is the end of the program: that can be given up, unlike waiting for it.
    fn wait(&mut self) -> ExitStatus {
        let mut stdout = self.stdout.take().expect("it is read to its end once");
        let (ended, end) = mpsc::channel();
        thread::spawn(move || {
            let _ = io::copy(&mut stdout, &mut io::sink());
            let _ = ended.send(());
        });
        end.recv_timeout(END_TIME_MAX)
            .expect("the program ends when it is asked to");
        self.child.wait().expect("it was started here")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail when it has ended already, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
