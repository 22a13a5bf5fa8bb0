namespace Fleet.Contract.Tests.Helm;

/// <summary>The charts of the helm script, by path below its folder. None of them needs a pod to run: the real server has no nodes.
/// Ports name their protocol: server-side apply, which helm 4 uses, has no default for it on kube-apiserver 1.20.</summary>
internal static class HelmCharts
{
    public static IReadOnlyDictionary<string, string> Files { get; } = new Dictionary<string, string>
    {
        ["web/Chart.yaml"] = "apiVersion: v2\nname: web\nversion: 1.2.3\nappVersion: '7'\ndescription: A chart of the tests.\n",
        ["web/values.yaml"] = "greeting: hello\nreplicas: 0\nbroken: false\nextra: none\n",
        ["web/values.schema.json"] = """{"type": "object", "properties": {"greeting": {"type": "string"}, "replicas": {"type": "integer"}}}""",
        ["web/templates/NOTES.txt"] = "Say {{ .Values.greeting }} to {{ .Release.Name }}.\n",
        ["web/templates/configmap.yaml"] =
            """
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: {{ .Release.Name }}-settings
            data:
              extra: {{ .Values.extra | quote }}
              greeting: {{ .Values.greeting | quote }}
              revision: {{ .Release.Revision | quote }}
              {{- if .Capabilities.APIVersions.Has "apps/v1/Deployment" }}
              apps: served
              {{- end }}
              {{- with lookup "v1" "Namespace" "" .Release.Namespace }}
              namespace: {{ .metadata.name }}
              {{- end }}
            """,
        ["web/templates/deployment.yaml"] =
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: {{ .Release.Name }}}
            spec:
              replicas: {{ .Values.replicas }}
              selector: {matchLabels: {app: {{ .Release.Name }}}}
              template:
                metadata: {labels: {app: {{ .Release.Name }}}}
                spec:
                  nodeSelector: {none: such}
                  containers: [{name: web, image: "nginx:{{ .Chart.AppVersion }}", ports: [{containerPort: 80, protocol: TCP}]}]
            """,
        ["web/templates/service.yaml"] =
            """
            apiVersion: v1
            kind: Service
            metadata: {name: {{ .Release.Name }}}
            spec: {selector: {app: {{ .Release.Name }}}, ports: [{port: 80, name: http, protocol: TCP}]}
            """,
        ["web/templates/kept.yaml"] =
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: {{ .Release.Name }}-kept, annotations: {"helm.sh/resource-policy": keep}}
            stringData: {word: secret}
            """,
        ["web/templates/broken.yaml"] =
            """
            {{- if .Values.broken }}
            apiVersion: v1
            kind: Service
            metadata: {name: {{ .Release.Name }}-broken}
            spec: {ports: [{port: 99999, protocol: TCP}]}
            {{- end }}
            """,
        ["hooks/Chart.yaml"] = "apiVersion: v2\nname: hooks\nversion: 0.1.0\n",
        ["hooks/templates/hooks.yaml"] = string.Join("---\n", new[] { "pre-install", "post-install", "pre-upgrade", "post-delete" }.Select(Hook))
            + "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: plain}\n",
        ["kinds/Chart.yaml"] = "apiVersion: v2\nname: kinds\nversion: 0.1.0\n",
        ["kinds/crds/gears.yaml"] =
            """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: gears.helm$TAG.example.com}
            spec:
              group: helm$TAG.example.com
              scope: Namespaced
              names: {plural: gears, singular: gear, kind: Gear}
              versions:
              - name: v1
                served: true
                storage: true
                schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {teeth: {type: integer, minimum: 3}}}}}}
            """,
        ["kinds/values.yaml"] = "teeth: 12\n",
        ["kinds/templates/gear.yaml"] =
            "apiVersion: helm$TAG.example.com/v1\nkind: Gear\nmetadata: {name: {{ .Release.Name }}}\nspec: {teeth: {{ .Values.teeth }}}\n",
    };

    private static string Hook(string hook) =>
        $$"""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: {{hook}}
          annotations: {"helm.sh/hook": {{hook}}, "helm.sh/hook-delete-policy": before-hook-creation}

        """;
}
