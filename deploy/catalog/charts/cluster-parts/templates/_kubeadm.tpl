{{/*
The kubeadm control plane and workers. A chart's "infrastructure.kubeadm" says for .role and .root what its machines need:
nodeName, criSocket, kubeletArgs, apiServerArgs, controllerManagerArgs, certSANs, ignorePreflightErrors, files, users, preKubeadmCommands, postKubeadmCommands.
*/}}
{{- define "parts.kubeadm.needs" -}}
{{- include "parts.canonical" (dict "text" (include "infrastructure.kubeadm" .) "of" "infrastructure.kubeadm") -}}
{{- end }}

{{- define "parts.kubeadmControlPlane" -}}
{{- $name := include "parts.name" . -}}
{{- $role := dict "role" "controlPlane" "root" . -}}
{{- $kinds := include "parts.kinds" . | fromYaml -}}
{{- $needs := include "parts.kubeadm.needs" $role | fromYaml -}}
{{- $server := include "parts.apiServer" . | fromYaml -}}
{{- $args := merge (dict) $server.args (.Values.kubernetes.apiServerArgs | default dict) ($needs.apiServerArgs | default dict) -}}
{{- if $server.withoutAnonymousFlag }}{{ $args = omit $args "anonymous-auth" }}{{ end -}}
{{- $global := .Values.global | default dict -}}
apiVersion: controlplane.cluster.x-k8s.io/v1beta2
kind: KubeadmControlPlane
metadata:
  {{- include "parts.metadata" (dict "name" (printf "%s-cp" $name) "root" .) | nindent 2 }}
spec:
  replicas: {{ .Values.controlPlaneNumber | int }}
  version: {{ .Values.kubernetes.version | quote }}
  rollout:
    strategy:
      type: RollingUpdate
      rollingUpdate:
        # A new machine joins before an old one leaves, so that a single control plane keeps its etcd quorum.
        maxSurge: 1
  machineTemplate:
    metadata:
      labels:
        cluster.x-k8s.io/cluster-name: {{ $name }}
    spec:
      infrastructureRef:
        apiGroup: infrastructure.cluster.x-k8s.io
        kind: {{ $kinds.machine }}Template
        name: {{ include "parts.machine.name" $role }}
  kubeadmConfigSpec:
    clusterConfiguration:
      {{- with $global.registry }}
      imageRepository: {{ . | quote }}
      {{- end }}
      {{- if or $args $needs.certSANs $server.volumes }}
      apiServer:
        {{- with $needs.certSANs }}
        certSANs:
          {{- toYaml . | nindent 10 }}
        {{- end }}
        {{- with $args }}
        extraArgs:
          {{- include "parts.args" . | trim | nindent 10 }}
        {{- end }}
        {{- with $server.volumes }}
        extraVolumes:
          {{- toYaml . | nindent 10 }}
        {{- end }}
      {{- end }}
      {{- with $needs.controllerManagerArgs }}
      controllerManager:
        extraArgs:
          {{- include "parts.args" . | trim | nindent 10 }}
      {{- end }}
    initConfiguration:
      nodeRegistration:
        {{- include "parts.kubeadm.node" $role | nindent 8 }}
    joinConfiguration:
      nodeRegistration:
        {{- include "parts.kubeadm.node" $role | nindent 8 }}
    {{- include "parts.kubeadm.machine" (dict "role" "controlPlane" "root" . "files" $server.files) | nindent 4 }}
{{- end }}

{{/* How a node registers. .role, .root */}}
{{- define "parts.kubeadm.node" -}}
{{- $needs := include "parts.kubeadm.needs" . | fromYaml -}}
{{- with $needs.nodeName }}
name: {{ . | quote }}
{{- end }}
{{- with $needs.criSocket }}
criSocket: {{ . | quote }}
{{- end }}
{{- with $needs.ignorePreflightErrors }}
ignorePreflightErrors:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- if and (eq .role "controlPlane") (not (include "parts.hasWorkers" .root)) }}
# Without workers the control plane runs everything.
taints: []
{{- end }}
{{- with merge (dict) (.root.Values.kubernetes.kubeletArgs | default dict) ($needs.kubeletArgs | default dict) }}
kubeletExtraArgs:
  {{- include "parts.args" . | trim | nindent 2 }}
{{- end }}
{{- end }}

{{/* Files, users and commands of a machine. .role, .root, and if wanted .files */}}
{{- define "parts.kubeadm.machine" -}}
{{- $needs := include "parts.kubeadm.needs" (dict "role" .role "root" .root) | fromYaml -}}
{{- $global := .root.Values.global | default dict -}}
{{- $files := concat (.files | default list) ($needs.files | default list) -}}
{{- $first := list -}}
{{- with $global.registryCertSecret -}}
{{- $files = append $files (include "parts.secretFile" (dict "path" "/etc/ssl/certs/kcm-registry.pem" "secret" . "key" "ca.crt" "permissions" "0644") | fromYaml) -}}
{{- end -}}
{{- with $global.registryCredentialSecret -}}
{{- $files = append $files (include "parts.secretFile" (dict "path" "/etc/containerd/conf.d/registry-auth.toml" "secret" . "key" "containerdAuth") | fromYaml) -}}
{{- end -}}
{{- if or $global.registryCertSecret $global.registryCredentialSecret -}}
{{- $first = append $first "systemctl restart containerd" -}}
{{- end -}}
{{- $object := dict -}}
{{- with $files }}{{ $_ := set $object "files" . }}{{ end -}}
{{- with $needs.users }}{{ $_ := set $object "users" . }}{{ end -}}
{{- with concat $first ($needs.preKubeadmCommands | default list) }}{{ $_ := set $object "preKubeadmCommands" . }}{{ end -}}
{{- with $needs.postKubeadmCommands }}{{ $_ := set $object "postKubeadmCommands" . }}{{ end -}}
{{- if $object }}{{ toYaml $object }}{{ end -}}
{{- end }}

{{- define "parts.kubeadmWorker.spec" -}}
{{- $role := dict "role" "worker" "root" . -}}
joinConfiguration:
  nodeRegistration:
    {{- include "parts.kubeadm.node" $role | nindent 4 }}
{{- with include "parts.kubeadm.machine" $role }}
{{ . }}
{{- end }}
{{- end }}

{{- define "parts.kubeadmWorkers" -}}
{{- if include "parts.hasWorkers" . -}}
{{- $spec := include "parts.canonical" (dict "text" (include "parts.kubeadmWorker.spec" .) "of" "the worker's kubeadm configuration") -}}
{{- $bootstrap := printf "%s-worker-%s" (include "parts.name" .) (include "parts.hash" $spec) -}}
apiVersion: bootstrap.cluster.x-k8s.io/v1beta2
kind: KubeadmConfigTemplate
metadata:
  {{- include "parts.metadata" (dict "name" $bootstrap "root" .) | nindent 2 }}
spec:
  template:
    spec:
      {{- $spec | nindent 6 }}
---
{{ include "parts.machineDeployment" (dict "root" . "bootstrap" (dict "configRef" (dict "apiGroup" "bootstrap.cluster.x-k8s.io" "kind" "KubeadmConfigTemplate" "name" $bootstrap))) }}
{{- end }}
{{- end }}

{{- define "parts.notes" -}}
Cluster {{ include "parts.name" . }}: {{ .Values.controlPlaneNumber }} control plane and {{ .Values.workersNumber }} worker machines, Kubernetes {{ .Values.kubernetes.version }}.
Its kubeconfig will be in the Secret {{ include "parts.name" . }}-kubeconfig (key: value) of namespace {{ .Release.Namespace }}.
{{- end }}
