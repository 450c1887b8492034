package org.mediawiki.jobqueue.changeprop.kafka;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.Predicate;
import org.mediawiki.jobqueue.changeprop.config.KafkaConfig;

/**
 * The brokers to start from, by name. While none of the names resolves no client of Kafka can be made: it throws at once,
 * and does not try again. So it is when the name servers come up after this machine, or nothing stands behind a headless
 * Service yet.
 */
public final class BootstrapNames {

    private final List<String> servers;
    private final Predicate<String> resolver;

    /**
     * @param servers as in the configuration: {@code host:port}, with an IPv6 address in brackets
     * @param resolver whether a host leads to an address now; may block
     */
    public BootstrapNames(List<String> servers, Predicate<String> resolver) {
        this.servers = List.copyOf(servers);
        this.resolver = resolver;
    }

    /** By this machine's resolver, which Kafka's clients use, too. It remembers for 10 s that a name led nowhere. */
    public static BootstrapNames of(KafkaConfig config) {
        return new BootstrapNames(config.bootstrapServers(), BootstrapNames::isKnown);
    }

    /** Whether one of them leads somewhere now. Blocks for as long as the resolver does. */
    public boolean anyResolves() {
        return servers.stream().map(BootstrapNames::hostOf).anyMatch(resolver);
    }

    private static String hostOf(String server) {
        return server.substring(0, server.lastIndexOf(':')).replace("[", "").replace("]", "");
    }

    private static boolean isKnown(String host) {
        try {
            return InetAddress.getAllByName(host).length > 0;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return String.join(", ", servers);
    }
}
