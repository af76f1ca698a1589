/// Forms on which people ask for a segment's mail, and confirm that it was they who asked.
package ai.mailgoat.server.signup;
