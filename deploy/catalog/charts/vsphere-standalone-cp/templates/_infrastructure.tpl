{{- define "infrastructure.kinds" -}}
apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
cluster: VSphereCluster
machine: VSphereMachine
{{- end }}

{{- define "infrastructure.machine" -}}
{{- $machine := .machine -}}
{{- $values := .root.Values -}}
cloneMode: linkedClone
server: {{ $values.vsphere.server | quote }}
{{- with $values.vsphere.thumbprint }}
thumbprint: {{ . | quote }}
{{- end }}
datacenter: {{ $values.vsphere.datacenter | quote }}
datastore: {{ $values.vsphere.datastore | quote }}
{{- with $values.vsphere.folder }}
folder: {{ . | quote }}
{{- end }}
resourcePool: {{ $values.vsphere.resourcePool | quote }}
template: {{ $machine.vmTemplate | quote }}
numCPUs: {{ $machine.cpus | int }}
memoryMiB: {{ $machine.memory | int }}
diskGiB: {{ $machine.rootVolumeSize | int }}
os: Linux
powerOffMode: trySoft
network:
  devices:
    - networkName: {{ $machine.network | quote }}
      dhcp4: {{ not $values.ipamEnabled }}
      {{- if $values.ipamEnabled }}
      addressesFromPools:
        - {{- toYaml (required "ipPool.config must name the pool of addresses when ipamEnabled is true; a ClusterIPAMClaim fills it in" ($values.ipPool | default dict).config) | nindent 10 }}
      {{- end }}
      {{- with $values.nameservers }}
      nameservers:
        {{- toYaml . | nindent 8 }}
      {{- end }}
{{- end }}

{{- define "infrastructure.kubeadm" -}}
{{- $machine := index .root.Values .role -}}
nodeName: {{ "{{ local_hostname }}" | quote }}
criSocket: /var/run/containerd/containerd.sock
kubeletArgs:
  cloud-provider: external
{{- if eq .role "controlPlane" }}
controllerManagerArgs:
  cloud-provider: external
files:
  - path: /etc/kubernetes/manifests/kube-vip.yaml
    owner: root:root
    permissions: "0644"
    content: {{ include "vsphere.kubeVip" .root | quote }}
  - path: /etc/kube-vip.hosts
    owner: root:root
    permissions: "0644"
    content: 127.0.0.1 localhost kubernetes
{{- end }}
{{- if $machine.ssh.publicKey }}
users:
  - name: {{ $machine.ssh.user | quote }}
    sudo: ALL=(ALL) NOPASSWD:ALL
    sshAuthorizedKeys: [{{ $machine.ssh.publicKey | quote }}]
{{- end }}
preKubeadmCommands:
  - hostnamectl set-hostname "{{ "{{ ds.meta_data.hostname }}" }}"
  - echo "127.0.0.1 localhost {{ "{{ ds.meta_data.hostname }} {{ local_hostname }}" }}" >/etc/hosts
  - echo "::1 localhost ip6-localhost ip6-loopback" >>/etc/hosts
  {{- if eq .role "controlPlane" }}
  # The machine that makes the cluster starts kube-vip before admin.conf has any rights (Kubernetes 1.29 and later).
  - >-
    if [ -f /run/kubeadm/kubeadm.yaml ]; then
    sed -i 's#path: /etc/kubernetes/admin.conf#path: /etc/kubernetes/super-admin.conf#' /etc/kubernetes/manifests/kube-vip.yaml; fi
  {{- end }}
{{- end }}

{{/* Holds the address of the API server on one of the control plane machines. */}}
{{- define "vsphere.kubeVip" -}}
{{- $global := .Values.global | default dict -}}
apiVersion: v1
kind: Pod
metadata:
  name: kube-vip
  namespace: kube-system
spec:
  hostNetwork: true
  containers:
    - name: kube-vip
      image: {{ $global.registry | default "ghcr.io" }}/kube-vip/kube-vip:{{ .Values.kubeVip.version }}
      imagePullPolicy: IfNotPresent
      args: [manager]
      env:
        - {name: address, value: {{ .Values.controlPlaneEndpointIP | quote }}}
        - {name: port, value: "6443"}
        - {name: vip_interface, value: {{ .Values.kubeVip.interface | quote }}}
        - {name: vip_cidr, value: "32"}
        - {name: vip_arp, value: "true"}
        - {name: cp_enable, value: "true"}
        - {name: cp_namespace, value: kube-system}
        - {name: svc_enable, value: {{ .Values.kubeVip.services | quote }}}
        - {name: vip_leaderelection, value: "true"}
      securityContext:
        capabilities:
          add: [NET_ADMIN, NET_RAW]
      volumeMounts:
        - {name: kubeconfig, mountPath: /etc/kubernetes/admin.conf}
        - {name: etchosts, mountPath: /etc/hosts}
  volumes:
    - name: kubeconfig
      hostPath:
        path: /etc/kubernetes/admin.conf
    - name: etchosts
      hostPath:
        path: /etc/kube-vip.hosts
        type: File
{{- end }}
