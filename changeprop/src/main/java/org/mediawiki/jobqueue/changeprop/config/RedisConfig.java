package org.mediawiki.jobqueue.changeprop.config;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** A Redis server. */
public record RedisConfig(
        @Setting(
                value =
                        "The server, such as redis://:${PASSWORD}@host:6379/0, or rediss:// for TLS; a variable holds the"
                                + " password as it is, one that stands here is percent-encoded.",
                required = true)
        URI uri,

        @Setting("TLS, where the URI begins with rediss://; absent: the JDK's certificate authorities are trusted.")
        @Nullable
        TlsConfig tls) {

    /** Without user and password. */
    @Override
    public String toString() {
        return "RedisConfig[" + uri.getScheme() + "://" + uri.getHost() + ":" + uri.getPort() + "]";
    }
}
