{{- define "infrastructure.kinds" -}}
apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
cluster: DevCluster
machine: DevMachine
{{- end }}

{{- define "infrastructure.machine" -}}
{{- $docker := dict -}}
{{- range $key := list "customImage" "extraMounts" "preLoadImages" -}}
{{- with index $.machine $key }}{{ $_ := set $docker $key . }}{{ end -}}
{{- end -}}
backend:
  docker: {{ $docker | toJson }}
{{- end }}

{{/* A container shares the host's disk: the kubelet must not evict because the host is full. */}}
{{- define "infrastructure.kubeadm" -}}
criSocket: unix:///run/containerd/containerd.sock
kubeletArgs:
  eviction-hard: nodefs.available<0%,nodefs.inodesFree<0%,imagefs.available<0%
{{- if eq .role "controlPlane" }}
certSANs: [localhost, 127.0.0.1, 0.0.0.0, host.docker.internal]
controllerManagerArgs:
  enable-hostpath-provisioner: "true"
{{- end }}
{{- end }}
