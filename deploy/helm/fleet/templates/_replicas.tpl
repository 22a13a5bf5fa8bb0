{{- /* Replicas of one of the three services, the general ones or those of a pool: as fleet.service, and pool. */ -}}
{{- define "fleet.replicas" -}}
{{- $name := include "fleet.name" . -}}
{{- $deployment := ternary (printf "%s-%s" $name .pool) $name (not (empty .pool)) -}}
{{- $tls := .root.Values.tls.enabled -}}
{{- $scheme := ternary "https" "http" $tls -}}
{{- /* What a pool states is instead of the chart's, also when it is empty. */ -}}
{{- $place := pick .root.Values "image" "nodeSelector" "tolerations" "affinity" "priorityClassName" -}}
{{- range $field := list "nodeSelector" "tolerations" "affinity" "priorityClassName" }}{{ if hasKey $.values $field }}{{ $_ := set $place $field (get $.values $field) }}{{ end }}{{ end -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $deployment }}
  namespace: {{ .root.Release.Namespace }}
  labels: {{- include "fleet.labels" . | nindent 4 }}
spec:
  replicas: {{ .values.replicas }}
  {{- if .once }}
  # {{ .once }}
  strategy: {type: Recreate}
  {{- else }}
  # The new one shares the clusters with the old ones before the next of those goes.
  strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}
  minReadySeconds: 5
  {{- end }}
  selector:
    matchLabels: {{- include "fleet.selector" . | nindent 6 }}
  template:
    metadata:
      labels: {{- include "fleet.labels" . | nindent 8 }}
      {{- if or .root.Values.podAnnotations .root.Values.oidc.issuerUrl }}
      annotations:
        {{- with .root.Values.podAnnotations }}{{ toYaml . | nindent 8 }}{{ end }}
        {{- if .root.Values.oidc.issuerUrl }}
        # It is read at the start, so that other settings are other pods.
        checksum/oidc: {{ toJson .root.Values.oidc | sha256sum }}
        {{- end }}
      {{- end }}
    spec:
      serviceAccountName: {{ $name }}
      automountServiceAccountToken: true
      enableServiceLinks: false
      terminationGracePeriodSeconds: 60
      securityContext: {{- include "fleet.podSecurity" (dict "user" 1654) | nindent 8 }}
      {{- include "fleet.placement" (dict "Values" $place) | nindent 6 }}
      containers:
        - name: {{ .service }}
          image: {{ include "fleet.image" (dict "root" .root "service" .service "tag" .values.tag) | quote }}
          imagePullPolicy: {{ .root.Values.image.pullPolicy }}
          args:
            - --urls={{ $scheme }}://+:{{ .port }}
            - --replica=$(POD_NAME)
            - --replica-namespace={{ .root.Release.Namespace }}
            - --replica-address=$(POD_IP)
            - --replica-port=8090
            {{- with .pool }}
            - --replica-pool={{ . }}
            {{- end }}
            {{- if $tls }}
            - --tls-cert=/etc/fleet/tls/tls.crt
            - --tls-key=/etc/fleet/tls/tls.key
            {{- end }}
            {{- range .args }}
            - {{ . | quote }}
            {{- end }}
            {{- if .root.Values.oidc.issuerUrl }}
            - --oidc=/etc/fleet/oidc/oidc.json
            {{- end }}
          env:
            - {name: DOTNET_EnableDiagnostics, value: "0"}
            - {name: HOME, value: /var/lib/fleet}
            - {name: KUBECONFIG, value: /etc/fleet/kubeconfig/kubeconfig}
            - {name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
            # A port of this pod that closes with its process, by which the others notice at once that it has died.
            - {name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
            {{- range $variable, $value := .values.environment }}
            - {name: {{ $variable }}, value: {{ ternary (toJson $value) $value (kindIs "float64" $value) | quote }}}
            {{- end }}
          ports:
            - {name: {{ $scheme }}, containerPort: {{ .port }}}
            - {name: presence, containerPort: 8090}
            {{- range .extraPorts }}
            - {name: {{ .name }}, containerPort: {{ .container }}}
            {{- end }}
          startupProbe:
            httpGet: {path: /startupz, port: {{ $scheme }}, scheme: {{ upper $scheme }}}
            periodSeconds: 3
            failureThreshold: 100
          readinessProbe:
            httpGet: {path: /readyz, port: {{ $scheme }}, scheme: {{ upper $scheme }}}
            periodSeconds: 5
          livenessProbe:
            httpGet: {path: /livez, port: {{ $scheme }}, scheme: {{ upper $scheme }}}
            periodSeconds: 10
            failureThreshold: 6
            timeoutSeconds: 5
          resources: {{- toYaml .values.resources | nindent 12 }}
          securityContext: {{- include "fleet.containerSecurity" . | nindent 12 }}
          volumeMounts:
            - {name: data, mountPath: /var/lib/fleet}
            - {name: secrets, mountPath: /run/fleet}
            - {name: temporary, mountPath: /tmp}
            - {name: kubeconfig, mountPath: /etc/fleet/kubeconfig, readOnly: true}
            - {name: database, mountPath: /etc/fleet/database, readOnly: true}
            {{- if $tls }}
            - {name: tls, mountPath: /etc/fleet/tls, readOnly: true}
            {{- end }}
            {{- if .root.Values.oidc.issuerUrl }}
            - {name: oidc, mountPath: /etc/fleet/oidc, readOnly: true}
            {{- end }}
            {{- with .extraMounts }}{{ toYaml . | nindent 12 }}{{ end }}
      volumes:
        - name: data
          emptyDir: {sizeLimit: 4Gi}
        - name: secrets
          emptyDir: {medium: Memory, sizeLimit: 64Mi}
        - name: temporary
          emptyDir: {sizeLimit: 1Gi}
        - name: kubeconfig
          configMap: {name: {{ include "fleet.name" (dict "root" .root "service" "kubeconfig") }}}
        - name: database
          secret:
            secretName: {{ include "fleet.database.secret" .root }}
            defaultMode: 0440
            items: [{key: {{ include "fleet.database.key" .root }}, path: connection}]
        {{- if $tls }}
        - name: tls
          secret: {secretName: {{ include "fleet.tls.secret" . }}, defaultMode: 0440}
        {{- end }}
        {{- with .root.Values.oidc }}
        {{- if .issuerUrl }}
        {{- $signsIn := eq $.service "cluster-manager" }}
        - name: oidc
          projected:
            defaultMode: 0440
            sources:
              - configMap:
                  name: {{ include "fleet.name" (dict "root" $.root "service" "oidc") }}
                  items: [{key: {{ ternary "sign-in.json" "tokens.json" $signsIn }}, path: oidc.json}]
              {{- with .caConfigMap }}
              - configMap: {name: {{ . }}, items: [{key: ca.crt, path: ca.crt}]}
              {{- end }}
              {{- if and $signsIn .clientSecret }}
              - secret: {name: {{ .clientSecret }}, items: [{key: client-secret, path: client-secret}]}
              {{- end }}
        {{- end }}
        {{- end }}
        {{- with .extraVolumes }}{{ toYaml . | nindent 8 }}{{ end }}
{{- if .root.Values.podDisruptionBudget.enabled }}
---
apiVersion: {{ ternary "policy/v1" "policy/v1beta1" (.root.Capabilities.APIVersions.Has "policy/v1") }}
kind: PodDisruptionBudget
metadata:
  name: {{ $deployment }}
  namespace: {{ .root.Release.Namespace }}
  labels: {{- include "fleet.labels" . | nindent 4 }}
spec:
  # At least one stays where there are several; a node that is drained must be able to let go of a single one.
  {{ ternary "minAvailable: 1" "maxUnavailable: 1" (gt (int .values.replicas) 1) }}
  selector:
    matchLabels: {{- include "fleet.selector" . | nindent 6 }}
{{- end }}
{{- end }}
