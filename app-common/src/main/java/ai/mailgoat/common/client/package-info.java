/// The typed clients of the two HTTP APIs, for the console, the command line and the tests.
package ai.mailgoat.common.client;
