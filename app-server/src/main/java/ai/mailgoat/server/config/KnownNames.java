package ai.mailgoat.server.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/// The names of all keys and of the sections they form, to check names against.
final class KnownNames {

    /// More slips than this make it another word.
    private static final int MAX_SLIPS = 4;

    private final Set<String> keys;
    private final Set<String> sections = new HashSet<>();

    KnownNames(Collection<String> keys) {
        this.keys = new TreeSet<>(keys);
        for (String key : keys) {
            for (int dot = key.indexOf('.'); dot > 0; dot = key.indexOf('.', dot + 1)) {
                sections.add(key.substring(0, dot));
            }
        }
    }

    boolean isKey(String name) {
        return keys.contains(name);
    }

    /// `delivery`, `delivery.relay`: what holds keys.
    boolean isSection(String name) {
        return sections.contains(name);
    }

    String exampleOf(String section) {
        return keys.stream().filter(k -> k.startsWith(section + ".")).findFirst().orElse("");
    }

    /// `; did you mean "http.port"?`, or nothing when no name is near.
    String hint(String name) {
        return keys.stream()
                .min(Comparator.comparingInt(known -> slips(name, known)))
                .filter(known -> slips(name, known) <= MAX_SLIPS)
                .map(known -> "; did you mean \"" + known + "\"?")
                .orElse("");
    }

    // Levenshtein's distance, one row at a time. A name that lacks its section is one slip away.
    private static int slips(String name, String known) {
        String a = name.toLowerCase(Locale.ROOT).replace('_', '-');
        if (known.endsWith("." + a) || known.replace('.', '-').equals(a.replace('.', '-'))) {
            return 1;
        }
        if (a.length() > 2 * known.length() + MAX_SLIPS) {
            return Integer.MAX_VALUE;
        }
        var row = new int[known.length() + 1];
        for (int j = 0; j <= known.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= known.length(); j++) {
                int change = a.charAt(i - 1) == known.charAt(j - 1) ? 0 : 1;
                int best = Math.min(diagonal + change, Math.min(row[j], row[j - 1]) + 1);
                diagonal = row[j];
                row[j] = best;
            }
        }
        return row[known.length()];
    }
}
