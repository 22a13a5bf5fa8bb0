{{/* Names. A machine template cannot be changed once machines were made of it, so its name carries a hash of its content: a change makes a new one and the machines are rolled over. */}}
{{- define "machine.spec" -}}
instanceType: {{ .machine.instanceType | quote }}
cpus: {{ .machine.cpus | int }}
memory: {{ .machine.memory | quote }}
region: {{ .root.Values.region | quote }}
{{- end }}

{{- define "controlPlane.machineTemplate.name" -}}
{{- printf "%s-cp-%s" .Release.Name (include "machine.spec" (dict "machine" .Values.controlPlane "root" .) | sha256sum | trunc 8) -}}
{{- end }}

{{- define "worker.machineTemplate.name" -}}
{{- printf "%s-worker-%s" .Release.Name (include "machine.spec" (dict "machine" .Values.worker "root" .) | sha256sum | trunc 8) -}}
{{- end }}
