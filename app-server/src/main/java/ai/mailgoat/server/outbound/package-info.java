/// The one guarded way out for HTTP: webhooks and attachment URLs, whose targets strangers choose.
///
/// Names are resolved here, every address is checked against [ReachableAddresses], and the
/// connection goes to that very address, so a name that answers differently a moment later gains
/// nothing. HTTP/1.1 (RFC 9112), one request a connection, no redirects, no proxies, everything
/// capped, and one deadline over the whole.
package ai.mailgoat.server.outbound;
