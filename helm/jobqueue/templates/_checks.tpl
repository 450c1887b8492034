{{/* What values.schema.json cannot say. Fails with what to change. */}}
{{- define "jobqueue.checks" -}}
{{- $config := .Values.config -}}
{{- $configured := keys ($config.lanes | default (dict "main" dict)) -}}
{{- range $lane := keys .Values.lanes -}}
{{- if not (has $lane $configured) -}}{{- fail (printf "lanes.%s: config.lanes has no such lane; remove it, or write null" $lane) -}}{{- end -}}
{{- end -}}
{{- if eq .Values.kafka.mode "external" -}}
{{- range $lane := $configured -}}
{{- if not (hasKey $.Values.lanes $lane) -}}{{- fail (printf "config.lanes.%s: no pods would run it; add lanes.%s, with replicas: 0 where another release runs it" $lane $lane) -}}{{- end -}}
{{- end -}}
{{- if not (dig "kafka" "bootstrap_servers" "" $config) -}}{{- fail "config.kafka.bootstrap_servers is missing; or set kafka.mode: embedded" -}}{{- end -}}
{{- end -}}
{{- if and (eq .Values.kafka.mode "embedded") (dig "kafka" "bootstrap_servers" "" $config) -}}{{- fail "config.kafka.bootstrap_servers must be left out: with kafka.mode: embedded the pod has its own Kafka" -}}{{- end -}}
{{- if and (eq .Values.kafka.mode "embedded") (eq (toString (dig "intake" "enabled" true $config)) "false") -}}{{- fail "config.intake.enabled must be left out: with kafka.mode: embedded there is no other way in" -}}{{- end -}}
{{- if hasKey $config "instance" -}}{{- fail "config.instance must be left out: it is the name of the pod" -}}{{- end -}}
{{- if has (dig "admin" "host" "" $config) (list "127.0.0.1" "::1" "localhost") -}}{{- fail "config.admin.host: probes and the other pods would not reach it there; leave it out, or write 0.0.0.0 or ::" -}}{{- end -}}
{{- if not $config.targets -}}{{- fail "config.targets is missing: where jobs are run" -}}{{- end -}}
{{- $secrets := list (list "config.admin.token" (dig "admin" "token" "" $config)) (list "config.intake.secret" (dig "intake" "secret" "" $config)) -}}
{{- range $section := list "client" "consumer" "producer" -}}
{{- range $name, $value := dig "kafka" $section dict $config -}}
{{- if regexMatch "(?i)passw|jaas|secret|token|keystore\\.key$" $name -}}
{{- $secrets = append $secrets (list (printf "config.kafka.%s.%s" $section $name) $value) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $addresses := list (list "config.dedupe.redis.uri" (dig "dedupe" "redis" "uri" "" $config)) (list "config.tracing.endpoint" (dig "tracing" "endpoint" "" $config)) -}}
{{- range $name, $target := $config.targets -}}
{{- $addresses = append $addresses (list (printf "config.targets.%s.uri" $name) (dig "uri" "" $target)) -}}
{{- end -}}
{{- range $addresses -}}
{{- $secrets = append $secrets (list (first .) (regexFind "://[^/]*@" (last .))) -}}
{{- end -}}
{{- range $secrets -}}
{{- if and (last .) (not (regexMatch "\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}" (toString (last .)))) -}}
{{- fail (printf "%s: a secret must not stand in a ConfigMap; write ${NAME}, and name a Secret under `secrets`" (first .)) -}}
{{- end -}}
{{- end -}}
{{- end }}
