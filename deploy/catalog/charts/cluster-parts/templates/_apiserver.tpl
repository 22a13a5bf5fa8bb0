{{/*
What clusterAuth, encryption and auditPolicy mean for the API server of a kubeadm control plane: arguments, files and volumes.
A file's name carries the hash of its content, so that a change of the content is a change of the control plane and reaches every machine.
*/}}
{{- define "parts.apiServer" -}}
{{- $args := dict -}}
{{- $files := list -}}
{{- $volumes := list -}}
{{- $auth := .Values.auth | default dict -}}
{{- $encryption := .Values.encryption | default dict -}}
{{- $audit := .Values.audit | default dict -}}
{{- with $auth.configSecret }}{{ if .name }}
{{- $path := include "parts.hashedPath" (dict "folder" "/etc/kubernetes/authentication" "name" "config" "hash" .hash) -}}
{{- $_ := set $args "authentication-config" $path -}}
{{- $files = append $files (include "parts.secretFile" (dict "path" $path "secret" .name "key" (.key | default "config")) | fromYaml) -}}
{{- $volumes = append $volumes (include "parts.volume" (dict "name" "authentication" "path" (dir $path)) | fromYaml) -}}
{{- end }}{{ end -}}
{{- with $encryption.configSecret }}{{ if .name }}
{{- $path := include "parts.hashedPath" (dict "folder" "/etc/kubernetes/encryption" "name" "config" "hash" .hash) -}}
{{- $_ := set $args "encryption-provider-config" $path -}}
{{- if $encryption.automaticReload }}{{ $_ := set $args "encryption-provider-config-automatic-reload" "true" }}{{ end -}}
{{- $files = append $files (include "parts.secretFile" (dict "path" $path "secret" .name "key" (.key | default "config")) | fromYaml) -}}
{{- $volumes = append $volumes (include "parts.volume" (dict "name" "encryption" "path" (dir $path)) | fromYaml) -}}
{{- end }}{{ end -}}
{{- with $audit.policyRef }}{{ if .name }}
{{- $path := include "parts.hashedPath" (dict "folder" "/etc/kubernetes/audit" "name" "policy" "hash" .hash) -}}
{{- $_ := set $args "audit-policy-file" $path -}}
{{- /* From the Secret that Fleet lays beside the ConfigMap: kubeadm's machines take files from Secrets only. */ -}}
{{- $files = append $files (include "parts.secretFile" (dict "path" $path "secret" .name "key" (.key | default "policy")) | fromYaml) -}}
{{- $volumes = append $volumes (include "parts.volume" (dict "name" "audit" "path" (dir $path)) | fromYaml) -}}
{{- with $audit.logPath }}
{{- $_ := set $args "audit-log-path" . -}}
{{- if ne . "-" }}
{{- $_ := set $args "audit-log-maxage" (toString $audit.logMaxAge) -}}
{{- $_ := set $args "audit-log-maxsize" (toString $audit.logMaxSize) -}}
{{- $_ := set $args "audit-log-maxbackup" (toString $audit.logMaxBackup) -}}
{{- $volumes = append $volumes (include "parts.volume" (dict "name" "audit-log" "path" (dir .) "writable" true) | fromYaml) -}}
{{- end }}
{{- end -}}
{{- end }}{{ end -}}
{{- dict "args" $args "files" $files "volumes" $volumes "withoutAnonymousFlag" ($auth.configWithAnon | default false) | toYaml -}}
{{- end }}

{{- define "parts.hashedPath" -}}
{{ .folder }}/{{ .name }}{{ with .hash }}-{{ . }}{{ end }}.yaml
{{- end }}

{{- define "parts.secretFile" -}}
path: {{ .path }}
owner: root:root
permissions: {{ .permissions | default "0600" | quote }}
contentFrom:
  secret:
    name: {{ .secret | quote }}
    key: {{ .key | quote }}
{{- end }}

{{- define "parts.volume" -}}
name: {{ .name }}
hostPath: {{ .path }}
mountPath: {{ .path }}
readOnly: {{ not .writable }}
pathType: DirectoryOrCreate
{{- end }}

{{/* Arguments as kubeadm's v1beta2 API has them: a list of name and value, sorted by name. */}}
{{- define "parts.args" -}}
{{- range $name, $value := . }}
- name: {{ $name | quote }}
  value: {{ $value | toString | quote }}
{{- end }}
{{- end }}
