/// Mail that came in: taken apart, kept, read back.
package ai.mailgoat.server.receiving;
