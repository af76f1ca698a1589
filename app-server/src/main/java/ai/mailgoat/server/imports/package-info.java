/// Contacts imported from CSV files, in the background.
package ai.mailgoat.server.imports;
