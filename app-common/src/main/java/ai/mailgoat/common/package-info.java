/// What the server, the console, the command line and the tests all say to one another.
package ai.mailgoat.common;
