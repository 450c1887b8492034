package org.mediawiki.jobqueue.changeprop.config.load;

/** The example of SPEC section 6, to the letter. */
final class SpecExample {

    static final String YAML = """
            service: cpjobqueue
            dc: eqiad
            kafka:
              bootstrap_servers: [kafka-main1006:9093]
              client: {security.protocol: SSL, ssl.truststore.type: PEM, ssl.truststore.location: /etc/ssl/ca.pem}
              consumer: {}                     # more properties, by Kafka's own names
              producer: {compression.type: snappy, linger.ms: 20}
              first_start: earliest            # earliest | latest
              mirror_legacy_offsets: false
              own_topics: {partitions: 8, replication_factor: 3}
            targets:
              mw-jobrunner:
                uri: https://mw-jobrunner.discovery.wmnet:4448/rpc/RunSingleJob.php
                protocol: rpc                  # rpc | rest (the EventBus extension's own endpoint)
                timeout: 1210s
                connect_timeout: 5s
                max_connection_age: 5m
                host_header: domain            # domain | uri
                http2: auto                    # auto | off
                tls: {ca: /etc/ssl/ca.pem, certificate: null, key: null}
              mw-videoscaler:
                uri: https://mw-videoscaler.discovery.wmnet:4448/rpc/RunSingleJob.php
                timeout: 24h
            lanes:
              main:
                target: mw-jobrunner
                jobs:
                  refreshLinks: {concurrency: 240, per_section: 30, abandon_root_after: 7d}
                  categoryMembershipChange: {concurrency: 200}
                  processMediaModeration: {concurrency: 7, rate: 5/s}
                  cdnPurge: {concurrency: 40, retry: {limit: 0}}
                low_traffic: {concurrency: 50, max_share: 0.6}     # every other job type
                exclude: [ThumbnailRender]
              videoscaler:
                target: mw-videoscaler
                jobs:
                  webVideoTranscodePrioritized: {concurrency: 8, priority: 10}
                  webVideoTranscode: {concurrency: 15, retry: {limit: 1}}
                concurrency: 15                # of the lane as a whole
            sections: {default: s3, enwiki: s1, commonswiki: s4, wikidatawiki: s8}
            retry: {limit: 2, delay: 60s, factor: 6}
            breaker: {}                        # failure_rate, window, minimum_calls, open_for, probes; per lane and job type too
            dedupe: {store: memory, ttl: 1h, root_ttl: 24h}        # memory | redis (redis: {uri: redis://…}) | off
            drain_timeout: 30s
            intake: {enabled: false, host: 127.0.0.1, port: 8192}  # on in dev and standalone
            admin: {host: 127.0.0.1, port: 9102, token: ${JOBQUEUE_ADMIN_TOKEN}}
            """;

    private SpecExample() {}
}
