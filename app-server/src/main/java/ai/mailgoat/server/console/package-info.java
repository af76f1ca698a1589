/// What only the console and the command line ask, on the admin port: set-up, the story of a mail,
/// the queue, mail put in by hand.
package ai.mailgoat.server.console;
