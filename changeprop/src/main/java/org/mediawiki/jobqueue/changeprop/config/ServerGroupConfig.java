package org.mediawiki.jobqueue.changeprop.config;

/** One deployment of MediaWiki, by the name and the port that its service has: what targets refer to. */
public record ServerGroupConfig(
        @Setting(
                value = "Name of the group's service, such as mw-debug.discovery.wmnet. TLS is verified against it.",
                required = true,
                form = TextForm.HOST)
        String host,

        @Setting(
                value = "Port of the group's TLS proxy, or of the ingress that it stands behind.",
                required = true,
                min = 1,
                max = 65_535)
        int port) {}
