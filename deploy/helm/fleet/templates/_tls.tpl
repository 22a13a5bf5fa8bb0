{{- /* Secret with tls.crt, tls.key and ca.crt of one part: root, service. */ -}}
{{- define "fleet.tls.secret" -}}
{{- .root.Values.tls.existingSecret | default (printf "%s-tls" (include "fleet.name" .)) }}
{{- end }}

{{- /* Whether the chart makes the certificates itself. */ -}}
{{- define "fleet.tls.own" -}}
{{- if and .Values.tls.enabled (not .Values.tls.existingSecret) (not .Values.tls.certManager.enabled) }}true{{ end }}
{{- end }}

{{- /* Whether the gateway speaks TLS to those who call it. Behind an Ingress, which calls services by plain HTTP unless it is told otherwise, only when a Secret is named. */ -}}
{{- define "fleet.gateway.tls" -}}
{{- if or .Values.gateway.tlsSecret (and .Values.tls.enabled (not .Values.ingress.enabled)) }}true{{ end }}
{{- end }}

{{- /* Parts that have a certificate, separated by spaces. */ -}}
{{- define "fleet.tls.parts" -}}
cluster-manager state-manager observability{{ if .Values.gateway.enabled }} gateway{{ end }}{{ if not .Values.postgresql.existingSecret }} postgresql{{ end }}
{{- end }}

{{- /* Names that a part is called by, as a list in JSON: root, service. */ -}}
{{- define "fleet.tls.names" -}}
{{- $name := include "fleet.name" . -}}
{{- $namespace := .root.Release.Namespace -}}
{{- $names := list (printf "%s.%s.svc" $name $namespace) (printf "%s.%s.svc.cluster.local" $name $namespace) (printf "%s.%s" $name $namespace) $name -}}
{{- if eq .service "gateway" -}}
{{- $names = concat $names (list "localhost") .root.Values.tls.gatewayNames -}}
{{- end -}}
{{ toJson $names }}
{{- end }}
