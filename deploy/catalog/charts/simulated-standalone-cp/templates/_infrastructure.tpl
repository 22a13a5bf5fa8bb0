{{- define "infrastructure.kinds" -}}
apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
cluster: SimulatedCluster
machine: SimulatedMachine
controlPlane:
  apiGroup: controlplane.cluster.x-k8s.io
  kind: SimulatedControlPlane
  name: {{ include "parts.name" . }}-cp
{{- end }}

{{- define "infrastructure.machine" -}}
instanceType: {{ .machine.instanceType | quote }}
cpus: {{ .machine.cpus | int }}
memory: {{ .machine.memory | quote }}
region: {{ .root.Values.region | quote }}
{{- end }}
