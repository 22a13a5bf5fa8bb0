{{/* Names. A machine template cannot be changed once machines were made of it, so its name carries a hash of its content: a change makes a new one and Cluster API rolls the machines over. */}}
{{- define "cluster.name" -}}
{{- .Release.Name -}}
{{- end }}

{{- define "machineTemplate.hash" -}}
{{- . | toJson | sha256sum | trunc 8 -}}
{{- end }}

{{- define "controlPlane.machineTemplate.name" -}}
{{- $spec := include "machine.spec" (dict "machine" .Values.controlPlane "root" .) -}}
{{- printf "%s-cp-%s" (include "cluster.name" .) (include "machineTemplate.hash" $spec) -}}
{{- end }}

{{- define "worker.machineTemplate.name" -}}
{{- $spec := include "machine.spec" (dict "machine" .Values.worker "root" .) -}}
{{- printf "%s-worker-%s" (include "cluster.name" .) (include "machineTemplate.hash" $spec) -}}
{{- end }}

{{- define "worker.bootstrap.name" -}}
{{- printf "%s-worker-%s" (include "cluster.name" .) (include "machineTemplate.hash" (include "worker.bootstrap.spec" .)) -}}
{{- end }}
