using Fleet.Helm.Catalog;
using Fleet.Helm.Charts;
using Fleet.Testing;

namespace Fleet.Integration.Tests.Helm;

/// <summary>A small chart: a ConfigMap, a schema, a way to fail and, when asked for, a hook that never ends where no kubelet is.</summary>
internal static class TestChart
{
    public static string Write(TemporaryFolder folder, string version, string name = "demo")
    {
        folder.Write($"{name}/Chart.yaml", $"apiVersion: v2\nname: {name}\nversion: {version}\nappVersion: \"7\"\n");
        folder.Write($"{name}/values.yaml", "text: hello\nhook: false\n");
        folder.Write($"{name}/values.schema.json", """{"type":"object","properties":{"text":{"type":"string"}}}""");
        folder.Write($"{name}/templates/all.yaml", """
            {{- if .Values.fail }}{{ fail .Values.fail }}{{ end }}
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: {{ .Values.name | default .Release.Name }}
            data:
              text: {{ .Values.text | quote }}
            {{- if .Values.hook }}
            ---
            apiVersion: batch/v1
            kind: Job
            metadata:
              name: {{ .Release.Name }}-hook
              annotations:
                helm.sh/hook: pre-install,pre-upgrade
                helm.sh/hook-delete-policy: before-hook-creation
            spec:
              template:
                spec:
                  restartPolicy: Never
                  containers:
                    - name: wait
                      image: wait
            {{- end }}
            """);
        return folder.File(name);
    }

    public static async Task<ChartArchive> ImportAsync(HelmHost helm, string version)
    {
        using var folder = new TemporaryFolder("chart");
        var chart = await ChartPackager.PackAsync(Write(folder, version), TestContext.Current.CancellationToken);
        return await helm.Charts.ImportAsync(new MemoryStream(chart.Bytes), TestContext.Current.CancellationToken);
    }
}
