package org.mediawiki.jobqueue.changeprop.config;

import java.util.List;

/** How a text in the configuration must look; the patterns become part of the JSON Schema. */
public enum TextForm {
    /** No rule. */
    ANY("", "text", ""),
    /** What may stand in a Kafka topic or group name, since names become part of those. */
    NAME(
            "^[A-Za-z0-9._-]{1,200}" + TextForm.END,
            "a name of letters, digits, '.', '_' and '-'",
            "refreshLinks, mw-jobrunner"),
    /** A place to connect to. */
    HOST_AND_PORT(
            "^([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\]):[0-9]{1,5}" + TextForm.END,
            "host:port",
            "kafka1.example.org:9092, [::1]:9092"),
    /** A host's name alone, as {@link java.net.URI} takes it. */
    HOST(
            "^([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\\.)*[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?" + TextForm.END,
            "the name of a host, without scheme and port",
            "mw-debug.discovery.wmnet, localhost"),
    /** The path of a URI, with its query. */
    URI_PATH(
            "^/([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*" + TextForm.END,
            "a path that begins with /",
            "/rpc/RunSingleJob.php"),
    /** Whom a port lets in. */
    NETWORK(
            "^[0-9A-Fa-f:.]{2,45}(/[0-9]{1,3})?" + TextForm.END,
            "an IP address, or a network with the length of its prefix",
            "127.0.0.1, 10.2.0.0/16, fd00::/8"),
    /** At most 273 years, so that nanoseconds still fit a {@code long}. */
    DURATION(
            "^([0-9]{1,9}(ms|s)|[0-9]{1,5}[mhd])" + TextForm.END,
            "a duration with a unit (ms, s, m, h or d)",
            "500ms, 60s, 7m, 24h, 7d"),
    /** The same, without zero. */
    POSITIVE_DURATION(
            "^(?!0+[a-z])([0-9]{1,9}(ms|s)|[0-9]{1,5}[mhd])" + TextForm.END,
            "a duration above zero with a unit (ms, s, m, h or d)",
            "500ms, 60s, 7m, 24h, 7d"),
    /** See {@link Rate}. */
    RATE(
            "^(?=[0-9.]*[1-9])[0-9]{1,6}(\\.[0-9]{1,3})?/[smh]" + TextForm.END,
            "a rate above zero with a unit (jobs per s, m or h)",
            "5/s, 300/m, 0.5/h"),
    /** See {@link DataSize}. */
    DATA_SIZE(
            "^[1-9][0-9]{0,8}([KMG]iB|B)" + TextForm.END,
            "a size above zero with a unit (B, KiB, MiB or GiB)",
            "64MiB, 1GiB");

    /** Java's {@code $} also matches before a last line break, that of other dialects does not. */
    private static final String END = "$(?!\\n)";

    private final String pattern;
    private final String title;
    private final String examples;

    TextForm(String pattern, String title, String examples) {
        this.pattern = pattern;
        this.title = title;
        this.examples = examples;
    }

    /** A regular expression for the whole text, in the dialect of JSON Schema; empty where there is no rule. */
    public String pattern() {
        return pattern;
    }

    /** For people: fits after "must be". */
    public String title() {
        return title;
    }

    public List<String> examples() {
        return examples.isEmpty() ? List.of() : List.of(examples.split(", "));
    }
}
