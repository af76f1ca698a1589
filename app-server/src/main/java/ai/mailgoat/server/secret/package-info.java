/// The master key and what it seals: DKIM private keys, webhook secrets. May touch the JDK only.
package ai.mailgoat.server.secret;
