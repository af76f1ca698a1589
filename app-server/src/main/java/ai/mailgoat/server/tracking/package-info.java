/// Opens and clicks: links in HTML that lead through here, what came of them, and whether a person
/// or a machine was behind it.
package ai.mailgoat.server.tracking;
