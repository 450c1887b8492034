package org.mediawiki.jobqueue.changeprop.convert;

import java.util.List;
import java.util.Optional;

/** One small wiki farm, configured in both forms that the legacy service knows. */
final class LegacyExamples {

    /** What the service itself reads. */
    static final String RENDERED = """
            spec: &spec
              title: Jobs of a small farm
              x-sub-request-filters: [{type: default, name: http}]
              paths:
                /{api:sys}/dedupe:
                  x-modules:
                    - path: sys/deduplicator.js
                      options:
                        redis_prefix: CPJQ
                        redis: {host: redis1.example.org, port: 6379, password: ''}
                /{api:sys}/partition/mediawiki_database:
                  x-modules:
                    - path: sys/partitioner.js
                      options:
                        templates: {partition_stream: 'farmqueue.partitioned.{{message.meta.stream}}'}
                        partition_key: database
                        partition_default: 1
                        partition_map: {bigwiki: 0, otherwiki: 2}
                /{api:sys}/queue:
                  x-modules:
                    - path: sys/kafka.js
                      options:
                        metadata_broker_list: [kafka1.example.org:9093, kafka2.example.org:9093]
                        dc_name: north
                        consumer:
                          fetch.message.max.bytes: 4194304
                          log.connection.close: false
                          security.protocol: ssl
                          ssl.ca.location: /etc/ssl/farm.pem
                        producer: {compression.codec: snappy, linger.ms: 20}
                        concurrency: 25
                        startup_delay: 60000
                        disable_blacklist: true
                        disable_ratelimit: true
                        templates:
                          cdnPurge:
                            topic: mediawiki.job.cdnPurge
                            concurrency: 40
                            retry_limit: 0
                            timeout: 90000
                            exec: &exec
                              method: post
                              uri: https://runner.example.org:4448/rpc/RunSingleJob.php
                              headers: {content-type: application/json, host: '{{globals.message.meta.domain}}'}
                              body: '{{globals.message}}'
                              agentOptions: {keepAlive: true}
                          thankReader:
                            topic: mediawiki.job.thankReader
                            reenqueue_delay: 259200
                            retry_limit: 4
                            retry_delay: 30000
                            retry_factor: 2.5
                            exec: *exec
                          refreshLinks_partitioner:
                            topic: mediawiki.job.refreshLinks
                            concurrency: 200
                            exec: {method: post, uri: /sys/partition/mediawiki_database/, body: '{{globals.message}}'}
                          refreshLinks:
                            topic: farmqueue.partitioned.mediawiki.job.refreshLinks
                            concurrency: 30
                            root_claim_ttl: 604800
                            exec: *exec
                          transcode:
                            topic: mediawiki.job.transcode
                            claim_ttl: 86400
                            exec:
                              method: post
                              uri: https://mw-video.example.org:4448/rpc/RunSingleJob.php
                              body: '{{globals.message}}'
                          low_traffic_jobs:
                            concurrency: '12'
                            topics: ['/^mediawiki\\.job\\..*/']
                            exclude_topics:
                              - mediawiki.job.cdnPurge
                              - mediawiki.job.thankReader
                              - mediawiki.job.refreshLinks
                              - mediawiki.job.transcode
                              - mediawiki.job.renderNothing
                            exec: *exec
            num_workers: 0
            logging: {level: error}
            services:
              - name: farmqueue
                module: hyperswitch
                conf: {port: 7200, user_agent: FarmQueue/1, spec: *spec}
            """;

    /** What {@link #RENDERED} must become. */
    static final String CONVERTED = """
            # Converted from the legacy service's configuration by `jobqueue convert`; see its list of differences.
            service: farmqueue
            dc: north

            kafka:
              bootstrap_servers:
                - kafka1.example.org:9093
                - kafka2.example.org:9093
              client:
                security.protocol: SSL
                ssl.truststore.location: /etc/ssl/farm.pem
                ssl.truststore.type: PEM
              consumer:
                max.partition.fetch.bytes: 4194304
              producer:
                compression.type: snappy
                linger.ms: 20
              mirror_legacy_offsets: true  # while the legacy service must be able to take over again

            targets:
              runner:
                uri: 'https://runner.example.org:4448/rpc/RunSingleJob.php'
                user_agent: FarmQueue/1
                tls: {ca: /etc/ssl/farm.pem}
              mw-video:
                uri: 'https://mw-video.example.org:4448/rpc/RunSingleJob.php'
                user_agent: FarmQueue/1
                tls: {ca: /etc/ssl/farm.pem}

            lanes:
              main:
                target: runner
                jobs:
                  cdnPurge: {concurrency: 40, timeout: 90s, retry: {limit: 2}}
                  thankReader: {concurrency: 25, retry: {limit: 4, delay: 30s, factor: 2.5}}
                  refreshLinks: {concurrency: 90, per_section: 30, abandon_root_after: 7d}
                low_traffic: {concurrency: 12}
                exclude: [renderNothing]
              video:
                target: mw-video
                jobs:
                  transcode: {concurrency: 25, abandon_after: 1d}

            sections:
              default: s2
              bigwiki: s1
              otherwiki: s3

            dedupe: {store: redis, redis: {uri: 'redis://redis1.example.org:6379'}}

            admin:
              host: 0.0.0.0
              port: 9102
              token: ${JOBQUEUE_ADMIN_TOKEN}
            """;

    /** Values of the legacy chart, with the chart's own below them. */
    static final String VALUES = """
            main_app:
              image: legacy
              site: north
              concurrency: 25
              redis: {host: redis1.example.org, port: 6379, pass: }
              kafka:
                broker_list: [kafka1.example.org:9093]
                consumer: {fetch.message.max.bytes: 4194304}
                ssl: {enabled: true, settings: {security.protocol: ssl, ssl.ca.location: /etc/ssl/farm.pem}}
              jobqueue:
                enabled: true
                partitioners: true
                jobrunner_uri: https://runner.example.org:4448/rpc/RunSingleJob.php
                kafka: {producer: {linger.ms: 20}}
                high_traffic_jobs_config:
                  cdnPurge: {enabled: true, concurrency: 40}
                  oldJob: {enabled: false, concurrency: 3}
                  forgottenJob: {concurrency: 3}
                latency_sensitive_jobs_config:
                  UploadFromUrl: {enabled: true}
                partitioned_jobs_config:
                  refreshLinks:
                    enabled: true
                    partitioner_kind: mediawiki_database
                    partitioner_concurrency: 200
                    partition: {concurrency: 30, root_claim_ttl: 604800}
                low_traffic_jobs: {enabled: true, concurrency: 12, retry_limit: 5}
                excluded_jobs: [renderNothing, cdnPurge]
            service: {name: farmqueue, port: {nodePort: 7200}}
            resources: {replicas: 30}
            """;

    static final String SECTIONS = "sections: {default: s2, bigwiki: s1}";

    private LegacyExamples() {}

    static ConversionResult convert(String text) {
        return Conversion.of(List.of(new LegacyFile("config.yaml", text)), Optional.empty());
    }

    static ConversionResult convertValues(String... texts) {
        List<LegacyFile> files = List.of(texts).stream()
                .map(text -> new LegacyFile("values.yaml", text))
                .toList();
        return Conversion.of(files, Optional.of(new LegacyFile("sections.yaml", SECTIONS)));
    }

    static ConversionResult.Converted converted(ConversionResult result) {
        return result.match(converted -> converted, refused -> {
            throw new AssertionError(refused.refusals().toString());
        });
    }

    static List<Refusal> refusals(ConversionResult result) {
        return result.match(
                converted -> {
                    throw new AssertionError("was converted: " + converted.yaml());
                },
                refused -> refused.refusals());
    }
}
