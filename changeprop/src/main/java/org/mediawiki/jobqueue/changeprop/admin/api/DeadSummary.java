package org.mediawiki.jobqueue.changeprop.admin.api;

import java.util.Map;

/** How many died, largest first where people look. */
record DeadSummary(long count, Map<String, Long> byType, Map<String, Long> byStatus, Map<String, Long> byWiki) {}
