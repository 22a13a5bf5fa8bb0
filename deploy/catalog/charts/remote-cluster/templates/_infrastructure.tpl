{{- define "infrastructure.kinds" -}}
apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
cluster: RemoteCluster
machine: RemoteMachine
controlPlane:
  apiGroup: controlplane.cluster.x-k8s.io
  kind: K0smotronControlPlane
  name: {{ include "parts.name" . }}-cp
{{- end }}

{{/* A host is what its address is: the same host keeps its name when others come and go. .machine, .root */}}
{{- define "remote.machine.name" -}}
{{- $default := printf "%s-%s" (include "parts.name" .root) (printf "%s:%v" .machine.address (.machine.port | default 22 | int) | sha256sum | trunc 6) -}}
{{- .machine.name | default $default -}}
{{- end }}

{{/* What the hosted API server is given: flags, and mounts of the Secrets and the ConfigMap that they need. */}}
{{- define "remote.apiServer" -}}
{{- $args := dict -}}
{{- $mounts := list -}}
{{- $global := .Values.global | default dict -}}
{{- with $global.registryCertSecret -}}
{{- $mounts = append $mounts (dict "path" "/usr/local/share/ca-certificates/registry" "secret" (dict "secretName" . "items" (list (dict "key" "ca.crt" "path" "ca.crt")))) -}}
{{- end -}}
{{- with .Values.auth.configSecret }}{{ if .name }}
{{- $path := include "parts.hashedPath" (dict "folder" "/var/lib/k0s/auth" "name" "config" "hash" .hash) -}}
{{- $_ := set $args "authentication-config" $path -}}
{{- $mounts = append $mounts (dict "path" (dir $path) "secret" (dict "secretName" .name "items" (list (dict "key" (.key | default "config") "path" (base $path))))) -}}
{{- end }}{{ end -}}
{{- with .Values.encryption.configSecret }}{{ if .name }}
{{- $path := include "parts.hashedPath" (dict "folder" "/var/lib/k0s/encryption" "name" "config" "hash" .hash) -}}
{{- $_ := set $args "encryption-provider-config" $path -}}
{{- if $.Values.encryption.automaticReload }}{{ $_ := set $args "encryption-provider-config-automatic-reload" "true" }}{{ end -}}
{{- $mounts = append $mounts (dict "path" (dir $path) "secret" (dict "secretName" .name "items" (list (dict "key" (.key | default "config") "path" (base $path))))) -}}
{{- end }}{{ end -}}
{{- with .Values.audit.policyRef }}{{ if .name }}
{{- $path := include "parts.hashedPath" (dict "folder" "/var/lib/k0s/audit" "name" "policy" "hash" .hash) -}}
{{- $_ := set $args "audit-policy-file" $path -}}
{{- $_ := set $args "audit-log-path" "-" -}}
{{- $mounts = append $mounts (dict "path" (dir $path) "configMap" (dict "name" .name "items" (list (dict "key" (.key | default "policy") "path" (base $path))))) -}}
{{- end }}{{ end -}}
{{- with .Values.dataSource.caSecret }}{{ if .name }}
{{- $mounts = append $mounts (dict "path" "/var/lib/k0s/kine-ca" "secret" (dict "secretName" .name "items" (list (dict "key" (.key | default "ca.crt") "path" "ca.crt")))) -}}
{{- end }}{{ end -}}
{{- dict "args" (merge (dict) $args (.Values.k0s.api.extraArgs | default dict)) "mounts" $mounts | toYaml -}}
{{- end }}
