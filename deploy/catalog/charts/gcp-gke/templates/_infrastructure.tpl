{{- define "infrastructure.kinds" -}}
apiVersion: infrastructure.cluster.x-k8s.io/v1beta1
cluster: GCPManagedCluster
controlPlane:
  apiGroup: infrastructure.cluster.x-k8s.io
  kind: GCPManagedControlPlane
  name: {{ include "parts.name" . }}-cp
{{- end }}
