using Fleet.Contract.Tests.Transcripts;

namespace Fleet.Contract.Tests.NewerServers;

/// <summary>What servers after 1.20 can do, as kubectl meets it.</summary>
internal static class NewerServerSteps
{
    private const string Unknown = "{apiVersion: v1, kind: ConfigMap, metadata: {name: loose}, dta: {a: b}}";
    private const string Rules =
        """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: ranges.newer$TAG.example.com}
        spec:
          group: newer$TAG.example.com
          scope: Namespaced
          names: {plural: ranges, singular: range, kind: Range}
          versions:
          - name: v1
            served: true
            storage: true
            selectableFields: [{jsonPath: .spec.name}]
            schema:
              openAPIV3Schema:
                type: object
                properties:
                  spec:
                    type: object
                    x-kubernetes-validations:
                    - {rule: 'self.low <= self.high', message: 'low must not be above high'}
                    properties:
                      low: {type: integer}
                      high: {type: integer}
                      name:
                        type: string
                        maxLength: 20
                        x-kubernetes-validations:
                        - {rule: 'self == oldSelf', message: 'name never changes'}
                        - {rule: "self.startsWith('r-')", messageExpression: "'a name starts with r-, not as ' + self + ' does'"}
        """;

    public static IReadOnlyList<Step> All { get; } =
    [
        new("namespace", "create namespace $NS") { Says = "created" },

        // Server-side field validation (1.25).
        new("strict fields", "create -n $NS --validate=strict -f -") { ExitCode = 1, Says = "strict decoding error: unknown field \"dta\"", Input = Unknown },
        new("strict duplicates", "create --raw /api/v1/namespaces/$NS/configmaps?fieldValidation=Strict -f -")
        {
            ExitCode = 1, Says = "strict decoding error: duplicate field \"data.a\"",
            Input = "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"twice\"},\"data\":{\"a\":\"1\",\"a\":\"2\"}}",
        },
        new("warned fields", "create -n $NS --validate=warn -f -") { Says = "Warning: unknown field \"dta\"", Input = Unknown },
        new("ignored fields", "replace -n $NS --validate=ignore -f -") { Says = "configmap/loose replaced", Input = Unknown },
        new("strict fields in server-side apply", "apply -n $NS --server-side -f -") { ExitCode = 1, Says = "dta", Input = Unknown },

        // CEL rules (1.25), selectable fields (1.30).
        new("definition with rules", "apply -f -") { Says = "created", Input = Rules },
        new("definition established", "wait --for=condition=Established crd/ranges.newer$TAG.example.com --timeout=20s") { Says = "condition met" },
        new("rule kept", "apply -n $NS -f -") { Says = "created", Input = Range("a", 1, 2, "r-a") },
        new("rule broken", "create -n $NS -f -") { ExitCode = 1, Says = "low must not be above high", Input = Range("b", 3, 2, "r-b") },
        new("rule with an expression as message", "create -n $NS -f -") { ExitCode = 1, Says = "a name starts with r-, not as b does", Input = Range("b", 1, 2, "b") },
        new("transition rule", "apply -n $NS -f -") { ExitCode = 1, Says = "name never changes", Input = Range("a", 1, 2, "r-c") },
        new("a rule that does not compile", "create -f -")
        {
            ExitCode = 1, Says = "x-kubernetes-validations",
            Input = Rules.Replace("self.low <= self.high", "self.none <= self.high", StringComparison.Ordinal).Replace("ranges.", "others.", StringComparison.Ordinal).Replace("plural: ranges", "plural: others", StringComparison.Ordinal),
        },
        new("selectable field", "get ranges.newer$TAG.example.com -n $NS --field-selector spec.name=r-a -o name") { Says = "range.newer$TAG.example.com/a" },
        new("not selectable", "get ranges.newer$TAG.example.com -n $NS --field-selector spec.low=1") { ExitCode = 1, Says = "field label not supported: spec.low" },

        new("discovery lists the new kinds", "api-resources --api-group=newer$TAG.example.com -o name") { Says = "ranges.newer$TAG.example.com" },

        // OpenAPI v3 (1.24).
        new("index of OpenAPI v3", "get --raw /openapi/v3") { Says = "\"apis/apps/v1\":{\"serverRelativeURL\":\"/openapi/v3/apis/apps/v1?hash=" },
        new("OpenAPI v3 of a custom group", "get --raw /openapi/v3/apis/newer$TAG.example.com/v1") { Says = "\"x-kubernetes-validations\"" },
        new("explain from OpenAPI v3", "explain ranges.newer$TAG.example.com.spec.name") { Says = "GROUP: newer$TAG.example.com\nKIND: Range\nVERSION: v1\n" },

        // Watches that begin with what exists (1.27).
        new("initial events", "get --raw /api/v1/namespaces/$NS/configmaps?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds=1&fieldSelector=metadata.name%3Dloose")
        {
            Says = "\"k8s.io/initial-events-end\":\"true\"",
        },
        new("initial events of any age", "get --raw /api/v1/namespaces/$NS/configmaps?watch=1&sendInitialEvents=true&timeoutSeconds=1")
        {
            ExitCode = 1, Says = "resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
        },

        // Subresources by kubectl, self review, resource kinds that came later.
        new("who am I", "auth whoami -o jsonpath={.status.userInfo.username}") { Says = "kubernetes-admin" },
        new("policy of disruption", "create poddisruptionbudget guard -n $NS --selector=app=web --min-available=1") { Says = "created" },
        new("cron job", "create cronjob nightly -n $NS --image=busybox --schedule='0 3 * * *' -- true") { Says = "created" },
        new("delete the definition", "delete crd ranges.newer$TAG.example.com") { Says = "deleted" },
        new("delete the namespace", "delete namespace $NS --timeout=60s") { Says = "deleted" },
    ];

    private static string Range(string name, int low, int high, string spec) =>
        "{apiVersion: newer$TAG.example.com/v1, kind: Range, metadata: {name: " + name + "}, spec: {low: " + low + ", high: " + high + ", name: " + spec + "}}";
}
