using Fleet.Contract.Tests.Transcripts;

namespace Fleet.Contract.Tests.Kubectl;

/// <summary>Apply on the client and on the server, with field managers, conflicts, dry runs and diffs.</summary>
internal static class ApplySteps
{
    private const string First = "{apiVersion: v1, kind: ConfigMap, metadata: {name: applied, labels: {a: b}}, data: {one: '1', two: '2'}}";
    private const string Second = "{apiVersion: v1, kind: ConfigMap, metadata: {name: applied}, data: {one: '1', two: 'changed'}}";
    private const string Server = "{apiVersion: v1, kind: ConfigMap, metadata: {name: owned}, data: {one: '1', two: '2'}}";
    private const string ServerLess = "{apiVersion: v1, kind: ConfigMap, metadata: {name: owned}, data: {one: '1'}}";
    private const string ServerOther = "{apiVersion: v1, kind: ConfigMap, metadata: {name: owned}, data: {one: 'other'}}";
    private const string Ports =
        """
        apiVersion: v1
        kind: Service
        metadata: {name: ports}
        spec:
          selector: {app: x}
          ports:
          - {name: http, port: 80, targetPort: 8080}
          - {name: metrics, port: 9090}
        """;

    public static IReadOnlyList<Step> All { get; } =
    [
        new("apply dry on the client", "apply -n $NS --dry-run=client -f -") { Input = First, Says = "configmap/applied created (dry run)" },
        new("apply dry on the server", "apply -n $NS --dry-run=server -f -") { Input = First, Says = "configmap/applied created (server dry run)" },
        new("dry runs leave nothing", "get configmap applied -n $NS") { ExitCode = 1 },
        new("diff of something new", "diff -n $NS -f -") { Input = First, ExitCode = 1, Says = "+ one: \"1\"", OnlyLines = "^[-+] ", SortLines = true },
        new("apply", "apply -n $NS -f -") { Input = First, Says = "configmap/applied created" },
        new("apply again", "apply -n $NS -f -") { Input = First, Says = "configmap/applied unchanged" },
        new("diff without a difference", "diff -n $NS -f -") { Input = First },
        new("diff with a difference", "diff -n $NS -f -") { Input = Second, ExitCode = 1, Says = "changed", OnlyLines = "^[-+] +(one|two|a):" },
        new("apply a change", "apply -n $NS -f -") { Input = Second, Says = "configmap/applied configured" },
        new("apply removed the label", "get configmap applied -n $NS -o jsonpath={.metadata.labels}{.data}") { Says = "{\"one\":\"1\",\"two\":\"changed\"}" },
        new("view last applied", "apply view-last-applied configmap applied -n $NS") { Says = "two: changed" },
        new("apply several", "apply -n $NS -f -")
        {
            Input = First + "\n---\n" + Server.Replace("owned", "second", StringComparison.Ordinal), Says = "configmap/second created",
        },
        new("apply a list", "apply -n $NS -f -")
        {
            Input = "{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: ConfigMap, metadata: {name: in-list}}]}", Says = "configmap/in-list created",
        },

        new("server-side apply", "apply -n $NS --server-side -f -") { Input = Server, Says = "configmap/owned serverside-applied" },
        new("server-side apply again", "apply -n $NS --server-side -f -") { Input = Server, Says = "configmap/owned serverside-applied" },
        new("managed fields", "get configmap owned -n $NS --show-managed-fields -o jsonpath={.metadata.managedFields[*].manager}:{.metadata.managedFields[*].operation}") { Says = "kubectl:Apply" },
        new("managed fields are precise", "get configmap owned -n $NS --show-managed-fields -o jsonpath={.metadata.managedFields[0].fieldsV1}") { Says = "f:data" },
        new("server-side conflict", "apply -n $NS --server-side --field-manager=other -f -") { Input = ServerOther, ExitCode = 1, Says = "conflict with \"kubectl\": .data.one" },
        new("server-side conflict forced", "apply -n $NS --server-side --field-manager=other --force-conflicts -f -") { Input = ServerOther, Says = "serverside-applied" },
        new("two managers", "get configmap owned -n $NS --show-managed-fields -o jsonpath={.metadata.managedFields[*].manager}") { Says = "other", SortLines = true },
        new("server-side apply gives up a field", "apply -n $NS --server-side --force-conflicts -f -") { Input = ServerLess, Says = "serverside-applied" },
        new("a given-up field is removed", "get configmap owned -n $NS -o jsonpath={.data}") { Says = "{\"one\":\"1\"}" },
        new("server-side dry run", "apply -n $NS --server-side --dry-run=server -f -") { Input = Server, Says = "serverside-applied (server dry run)" },
        new("from client to server side", "apply -n $NS --server-side -f -") { Input = Second, Says = "configmap/applied serverside-applied" },

        new("apply a service", "apply -n $NS -f -") { Input = Ports, Says = "service/ports created" },
        new("patch by merge key", "patch service ports -n $NS -p {\"spec\":{\"ports\":[{\"port\":9090,\"name\":\"metrics\",\"targetPort\":9091}]}}") { Says = "patched" },
        new("merge key kept the other port", "get service ports -n $NS -o jsonpath={.spec.ports[*].name}:{.spec.ports[*].targetPort}") { Says = "9091" },
        new("patch deletes by merge key", "patch service ports -n $NS -p {\"spec\":{\"ports\":[{\"port\":9090,\"$patch\":\"delete\"}]}}") { Says = "patched" },
        new("merge key removed one port", "get service ports -n $NS -o jsonpath={.spec.ports[*].port}") { Says = "80" },
        new("service table", "get service ports -n $NS") { Says = "ports ClusterIP" },
        new("service selector table", "get service ports -n $NS -o wide") { Says = "app=x" },
        new("server-side list of one manager", "apply -n $NS --server-side --field-manager=first -f -") { Input = Shared("{port: 80, protocol: TCP, name: http}"), Says = "serverside-applied" },
        new("server-side list of another manager", "apply -n $NS --server-side --field-manager=second -f -") { Input = Shared("{port: 443, protocol: TCP, name: tls}"), Says = "serverside-applied" },
        new("server-side merged by key", "get service shared -n $NS -o jsonpath={.spec.ports[*].port}") { Says = "80 443" },
        new("server-side list item given up", "apply -n $NS --server-side --field-manager=second -f -") { Input = Shared("{port: 444, protocol: TCP, name: tls}"), Says = "serverside-applied" },
        new("server-side removed only its own item", "get service shared -n $NS -o jsonpath={.spec.ports[*].port}") { Says = "80 444" },
        new("service without ports", "create -n $NS -f -") { ExitCode = 1, Says = "spec.ports: Required value", Input = "{apiVersion: v1, kind: Service, metadata: {name: empty}, spec: {selector: {a: b}}}" },

        new("unknown field", "apply -n $NS -f -") { ExitCode = 1, Input = "{apiVersion: v1, kind: ConfigMap, metadata: {name: strict}, dta: {a: b}}", Says = "unknown field \"dta\"" },
        new("unknown field, let through", "apply -n $NS --validate=false -f -") { Input = "{apiVersion: v1, kind: ConfigMap, metadata: {name: strict}, dta: {a: b}}", Says = "configmap/strict created" },
        new("wrong type", "create -n $NS -f -") { ExitCode = 1, Input = "{apiVersion: v1, kind: ConfigMap, metadata: {name: wrong}, data: {a: 1}}" },
        new("prune", "apply -n $NS --prune -l pruned=yes --prune-allowlist=core/v1/ConfigMap -f -") { Input = "{apiVersion: v1, kind: ConfigMap, metadata: {name: keep, labels: {pruned: 'yes'}}}", Says = "configmap/keep created" },
        new("prune removes", "apply -n $NS --prune -l pruned=yes --prune-allowlist=core/v1/ConfigMap -f -") { Input = "{apiVersion: v1, kind: ConfigMap, metadata: {name: keep2, labels: {pruned: 'yes'}}}", Says = "configmap/keep pruned" },
        new("delete from a file", "delete -n $NS -f -") { Input = First, Says = "configmap \"applied\" deleted" },
    ];

    private static string Shared(string port) => "{apiVersion: v1, kind: Service, metadata: {name: shared}, spec: {ports: [" + port + "]}}";
}
