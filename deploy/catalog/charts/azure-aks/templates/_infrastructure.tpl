{{- define "infrastructure.kinds" -}}
apiVersion: infrastructure.cluster.x-k8s.io/v1beta1
cluster: AzureASOManagedCluster
controlPlane:
  apiGroup: infrastructure.cluster.x-k8s.io
  kind: AzureASOManagedControlPlane
  name: {{ include "parts.name" . }}
{{- end }}

{{/*
The metadata of an Azure Service Operator object inside the Cluster API objects. The provider creates it; it is marked as the release's own so that a later
release does not stumble over it. .name, .root
*/}}
{{- define "aks.metadata" -}}
name: {{ .name }}
annotations:
  {{- with .root.Values.clusterIdentity.name }}
  serviceoperator.azure.com/credential-from: {{ . | quote }}
  {{- end }}
  meta.helm.sh/release-name: {{ .root.Release.Name }}
  meta.helm.sh/release-namespace: {{ .root.Release.Namespace }}
labels:
  helm.toolkit.fluxcd.io/name: {{ .root.Release.Name }}
  helm.toolkit.fluxcd.io/namespace: {{ .root.Release.Namespace }}
{{- end }}

{{/* One pool of nodes: MachinePool and its AKS agent pool. .pool (system or user), .root */}}
{{- define "aks.pool" -}}
{{- $root := .root -}}
{{- $pool := index $root.Values.machinePools .pool -}}
{{- $cluster := include "parts.name" $root -}}
{{- $name := printf "%s-%s" $cluster .pool -}}
apiVersion: cluster.x-k8s.io/v1beta2
kind: MachinePool
metadata:
  {{- include "parts.metadata" (dict "name" $name "root" $root) | nindent 2 }}
spec:
  clusterName: {{ $cluster }}
  replicas: {{ $pool.count | int }}
  template:
    spec:
      clusterName: {{ $cluster }}
      version: {{ $root.Values.kubernetes.version | quote }}
      bootstrap:
        # AKS makes the nodes itself; the contract wants a name.
        dataSecretName: ""
      infrastructureRef:
        apiGroup: infrastructure.cluster.x-k8s.io
        kind: AzureASOManagedMachinePool
        name: {{ $name }}
---
apiVersion: infrastructure.cluster.x-k8s.io/v1beta1
kind: AzureASOManagedMachinePool
metadata:
  {{- include "parts.metadata" (dict "name" $name "root" $root) | nindent 2 }}
spec:
  resources:
    - apiVersion: containerservice.azure.com/v1api20240901
      kind: ManagedClustersAgentPool
      metadata:
        {{- include "aks.metadata" (dict "name" $name "root" $root) | nindent 8 }}
      spec:
        azureName: {{ .pool }}pool
        owner:
          name: {{ $cluster }}
        mode: {{ .pool | title }}
        type: VirtualMachineScaleSets
        vmSize: {{ $pool.vmSize | quote }}
        osDiskSizeGB: {{ $pool.osDiskSizeGB | int }}
        maxPods: {{ $pool.maxPods | int }}
        enableNodePublicIP: {{ $pool.enableNodePublicIP }}
        {{- if $pool.autoscaling.enabled }}
        enableAutoScaling: true
        minCount: {{ $pool.autoscaling.minCount | int }}
        maxCount: {{ $pool.autoscaling.maxCount | int }}
        {{- end }}
        {{- with $pool.nodeLabels }}
        nodeLabels:
          {{- toYaml . | nindent 10 }}
        {{- end }}
        {{- with $pool.nodeTaints }}
        nodeTaints:
          {{- toYaml . | nindent 10 }}
        {{- end }}
{{- end }}
