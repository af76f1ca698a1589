/// The HTTP server: routes declared in one way, bodies read in one way, errors in the API's one
/// shape. Features see `Endpoints`, `Call`, `Answer` and `ApiException`; only this package and the
/// routes know that Helidon serves them.
package ai.mailgoat.server.http;
