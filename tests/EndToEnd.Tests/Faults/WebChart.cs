using Fleet.Testing;
using Fleet.Testing.Servers;

namespace Fleet.EndToEnd.Tests.Faults;

/// <summary>A service of one Deployment, which says what version of the chart made it. With a value <c>migration</c>, an upgrade waits for a Job that runs so long.</summary>
internal static class WebChart
{
    public static async Task PublishAsync(TemporaryFolder folder, HelmHttpRepository repository, params string[] versions)
    {
        foreach (var version in versions)
        {
            folder.Write($"{version}/web/Chart.yaml", $"apiVersion: v2\nname: web\nversion: {version}\n");
            folder.Write($"{version}/web/values.yaml", "");
            folder.Write($"{version}/web/templates/all.yaml", """
                apiVersion: apps/v1
                kind: Deployment
                metadata: { name: {{ .Release.Name }}, annotations: { version: {{ .Chart.Version | quote }} } }
                spec:
                  replicas: 1
                  selector: { matchLabels: { app: {{ .Release.Name }} } }
                  template:
                    metadata: { labels: { app: {{ .Release.Name }} } }
                    spec: { containers: [{ name: web, image: "web:{{ .Chart.Version }}" }] }
                {{- with .Values.migration }}
                ---
                apiVersion: batch/v1
                kind: Job
                metadata: { name: {{ $.Release.Name }}-migration, annotations: { helm.sh/hook: pre-upgrade } }
                spec:
                  template:
                    metadata: { annotations: { simulation.fleet.dev/run-for: {{ . }} } }
                    spec: { restartPolicy: Never, containers: [{ name: migration, image: "web:{{ $.Chart.Version }}" }] }
                {{- end }}
                """);
            await repository.AddAsync(folder.File($"{version}/web"));
        }
    }
}
