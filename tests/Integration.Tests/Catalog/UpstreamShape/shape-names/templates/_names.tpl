{{- define "names.cluster" -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- end }}

{{- define "names.authentication" -}}
/var/lib/k0s/auth/config{{ with .Values.auth.configSecret.hash }}-{{ . }}{{ end }}.yaml
{{- end }}
