package ai.mailgoat.server.e2e;

import java.util.List;

/// An operation of an OpenAPI document.
///
/// @param method in upper case
/// @param segments of the path; a parameter is `{name}`
record Operation(String method, List<String> segments) {
    static Operation of(String text) {
        var words = text.split(" ");
        return new Operation(words[0], segments(words[1]));
    }

    static List<String> segments(String path) {
        String bare = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return bare.isEmpty() ? List.of() : List.of(bare.substring(1).split("/"));
    }

    boolean fits(String itsMethod, List<String> path) {
        if (!method.equals(itsMethod) || path.size() != segments.size()) {
            return false;
        }
        for (int i = 0; i < path.size(); i++) {
            if (!segments.get(i).startsWith("{") && !segments.get(i).equals(path.get(i))) {
                return false;
            }
        }
        return true;
    }

    long parameters() {
        return segments.stream().filter(s -> s.startsWith("{")).count();
    }

    @Override
    public String toString() {
        return method + " /" + String.join("/", segments);
    }
}
