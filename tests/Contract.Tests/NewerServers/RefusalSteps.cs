using Fleet.Contract.Tests.Transcripts;

namespace Fleet.Contract.Tests.NewerServers;

/// <summary>What is refused, and in which words: these change between releases, and users look for them.</summary>
internal static class RefusalSteps
{
    private const string Container = "containers: [{name: c, image: i}]";
    private const string Definition =
        """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: limits.refused$TAG.example.com}
        spec:
          group: refused$TAG.example.com
          scope: Namespaced
          names: {plural: limits, singular: limit, kind: Limit}
          versions:
          - name: v1
            served: true
            storage: true
            schema:
              openAPIV3Schema:
                type: object
                properties:
                  spec:
                    type: object
                    properties:
                      count: {type: integer, x-kubernetes-validations: [{rule: 'self < 5', message: fewer}]}
                      ratio: {type: number, x-kubernetes-validations: [{rule: 'self < 5.0', message: less}]}
                      flag: {type: boolean, x-kubernetes-validations: [{rule: self, message: must be on}]}
                      list: {type: array, maxItems: 3, items: {type: string, maxLength: 9}, x-kubernetes-validations: [{rule: 'self.size() < 2', message: shorter}]}
                      point:
                        type: object
                        properties: {x: {type: integer}}
                        x-kubernetes-validations: [{rule: self.x > 3, message: further, fieldPath: .x}]
                      twin:
                        type: object
                        properties: {x: {type: integer}}
                        x-kubernetes-validations: [{rule: self.x > 3, message: another, fieldPath: .x, reason: FieldValueDuplicate}]
                      even: {type: integer, maximum: 5, multipleOf: 2}
                      name: {type: string, minLength: 2, maxLength: 3, pattern: ^a}
                      one: {type: object, maxProperties: 1, additionalProperties: {type: string}}
        """;

    public static IReadOnlyList<Step> All { get; } =
    [
        new("refusals: namespace", "create namespace $NS-r") { Says = "created" },

        new("unknown field below", "create -n $NS-r --validate=strict -f -") { ExitCode = 1, Input = Deployment("{name: c, image: i, imagePullPolcy: Always}"), Says = "Deployment in version \"v1\" cannot be handled as a Deployment: strict decoding error: unknown field \"spec.template.spec.containers[0].imagePullPolcy\"" },
        new("unknown field below, warned", "create -n $NS-r --validate=warn -f -") { Input = Deployment("{name: c, image: i, imagePullPolcy: Always}"), Says = "Warning: unknown field \"spec.template.spec.containers[0].imagePullPolcy\"" },
        new("unknown fields are not kept", "get deployment refused -n $NS-r -o jsonpath={.spec.template.spec.containers}") { Says = "[{\"image\":\"i\",\"imagePullPolicy\":\"Always\",\"name\":\"c\"," },
        new("unknown field by patch", "patch deployment refused -n $NS-r --type=merge -p {\"spec\":{\"paussed\":true}}") { Says = "unknown field \"spec.paussed\"" },
        new("duplicates, warned", "create --raw /api/v1/namespaces/$NS-r/configmaps -f -")
        {
            Says = "Warning: duplicate field \"data.a\"", Mask = "^\\{.*\\}\\s*",
            Input = "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"twice\"},\"data\":{\"a\":\"1\",\"a\":\"2\"}}",
        },
        new("the last duplicate counts", "get configmap twice -n $NS-r -o jsonpath={.data}") { Says = "{\"a\":\"2\"}" },

        new("versions: match alone", "get --raw /api/v1/namespaces/$NS-r/configmaps?resourceVersionMatch=Exact") { ExitCode = 1, Says = "The ListOptions \"\" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided" },
        new("versions: unknown match", "get --raw /api/v1/namespaces/$NS-r/configmaps?resourceVersionMatch=Some&resourceVersion=1") { ExitCode = 1, Says = "Unsupported value: \"Some\": supported values: \"Exact\", \"NotOlderThan\", \"\"" },
        new("versions: exactly any", "get --raw /api/v1/namespaces/$NS-r/configmaps?resourceVersionMatch=Exact&resourceVersion=0") { ExitCode = 1, Says = "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"" },
        new("versions: match and continue", "get --raw /api/v1/namespaces/$NS-r/configmaps?resourceVersionMatch=NotOlderThan&resourceVersion=1&continue=x") { ExitCode = 1, Says = "resourceVersionMatch is forbidden when continue is provided" },
        new("versions: initial events of a list", "get --raw /api/v1/namespaces/$NS-r/configmaps?sendInitialEvents=true") { ExitCode = 1, Says = "sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list" },
        new("versions: match of a watch", "get --raw /api/v1/namespaces/$NS-r/configmaps?watch=1&resourceVersionMatch=NotOlderThan&timeoutSeconds=1") { ExitCode = 1, Says = "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided" },
        new("versions: initial events, exactly", "get --raw /api/v1/namespaces/$NS-r/configmaps?watch=1&sendInitialEvents=true&resourceVersionMatch=Exact") { ExitCode = 1, Says = "* resourceVersionMatch: Unsupported value: \"Exact\": supported values: \"NotOlderThan\"" },
        new("versions: of the future", "get --raw /api/v1/namespaces/$NS-r/configmaps/twice?resourceVersion=99999999") { ExitCode = 1, Says = "Error from server (Timeout): Timeout: Too large resource version: 99999999, current: *", Mask = "(?<=current: )\\d+" },
        new("no limit below nothing", "get --raw /api/v1/namespaces/$NS-r/configmaps?limit=-1&fieldSelector=metadata.name%3Dnone") { Says = "\"items\":[]" },

        new("options: field validation", "create --raw /api/v1/namespaces/$NS-r/configmaps?fieldValidation=Some -f -") { ExitCode = 1, Input = Map, Says = "The CreateOptions \"\" is invalid: fieldValidation: Unsupported value: \"Some\": supported values: \"\", \"Ignore\", \"Strict\", \"Warn\"" },
        new("options: dry run", "create --raw /api/v1/namespaces/$NS-r/configmaps?dryRun=Some -f -") { ExitCode = 1, Input = Map, Says = "The CreateOptions \"\" is invalid: dryRun: Unsupported value: [\"Some\"]: supported values: \"All\"" },
        new("options: a long manager", $"create --raw /api/v1/namespaces/$NS-r/configmaps?fieldManager={new string('m', 129)} -f -") { ExitCode = 1, Input = Map, Says = "The CreateOptions \"\" is invalid: fieldManager: Too long: may not be more than 128 bytes" },
        new("options: propagation", "delete --raw /api/v1/namespaces/$NS-r/configmaps/twice?propagationPolicy=Never") { ExitCode = 1, Says = "The DeleteOptions \"\" is invalid: propagationPolicy: Unsupported value: \"Never\": supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\"" },

        new("pod of wrong choices", "create -n $NS-r -f -") { ExitCode = 1, Input = Pod("restartPolicy: Maybe, containers: [{name: c, image: i, imagePullPolicy: Some, ports: [{containerPort: 99999}]}]"), Says = "* spec.containers[0].imagePullPolicy: Unsupported value: \"Some\": supported values: \"Always\", \"IfNotPresent\", \"Never\"\n* spec.restartPolicy: Unsupported value: \"Maybe\": supported values: \"Always\", \"OnFailure\", \"Never\"" },
        new("service of wrong choices", "create -n $NS-r -f -") { ExitCode = 1, Input = "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {type: Odd, sessionAffinity: Maybe, ports: [{port: 80, name: A}]}}", Says = "* spec.sessionAffinity: Unsupported value: \"Maybe\": supported values: \"ClientIP\", \"None\"\n* spec.type: Unsupported value: \"Odd\"" },
        new("registry secret without its key", "create -n $NS-r -f -") { ExitCode = 1, Input = "{apiVersion: v1, kind: Secret, metadata: {name: s}, type: kubernetes.io/dockerconfigjson, data: {x: eA==}}", Says = "data[.dockerconfigjson]: Required value" },
        new("TLS secret without its keys", "create -n $NS-r -f -") { ExitCode = 1, Input = "{apiVersion: v1, kind: Secret, metadata: {name: s}, type: kubernetes.io/tls}", Says = "* data[tls.crt]: Required value\n* data[tls.key]: Required value" },
        new("job that always restarts", "create -n $NS-r -f -") { ExitCode = 1, Input = "{apiVersion: batch/v1, kind: Job, metadata: {name: j}, spec: {template: {spec: {" + Container + "}}}}", Says = "spec.template.spec.restartPolicy: Required value: valid values: \"OnFailure\", \"Never\"" },
        new("schedule that is none", "create -n $NS-r -f -") { ExitCode = 1, Input = "{apiVersion: batch/v1, kind: CronJob, metadata: {name: j}, spec: {schedule: often, jobTemplate: {spec: {template: {spec: {restartPolicy: Never, " + Container + "}}}}}}", Says = "spec.schedule: Invalid value: \"often\": expected exactly 5 fields, found 1: [often]" },
        new("stateful set without a selector", "create -n $NS-r -f -") { ExitCode = 1, Input = "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: s}, spec: {template: {spec: {restartPolicy: Never, " + Container + "}}}}", Says = "spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`" },
        new("ingress without a path type", "create -n $NS-r -f -") { ExitCode = 1, Input = "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i}, spec: {rules: [{host: a.b, http: {paths: [{path: /, backend: {service: {name: web, port: {number: 80}}}}]}}]}}", Says = "spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified" },
        new("claim of nothing", "create -n $NS-r -f -") { ExitCode = 1, Input = "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: p}, spec: {}}", Says = "* spec.accessModes: Required value: at least 1 access mode is required\n* spec.resources[storage]: Required value" },
        new("lease for no time", "create -n $NS-r -f -") { ExitCode = 1, Input = "{apiVersion: coordination.k8s.io/v1, kind: Lease, metadata: {name: l}, spec: {leaseDurationSeconds: 0}}", Says = "spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0" },
        new("role of nothing", "create -n $NS-r -f -") { ExitCode = 1, Input = "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: r}, rules: [{verbs: []}]}", Says = "* rules[0].apiGroups: Required value: resource rules must supply at least one api group" },
        new("binding without the group", "create -n $NS-r -f -") { Input = "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: r}, roleRef: {kind: Role, name: r}, subjects: [{kind: ServiceAccount, name: s}]}", Says = "created" },
        new("slice without endpoints", "create -n $NS-r -f -") { Input = "{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: e}, addressType: IPv4}", Says = "created" },
        new("priority of none", "create -f -") { Input = "{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: none-$TAG}}", Says = "created" },
        new("delete the priority", "delete priorityclass none-$TAG") { Says = "deleted" },

        new("definition in a protected group", "create -f -") { ExitCode = 1, Input = Definition.Replace("refused$TAG.example.com", "refused$TAG.k8s.io", StringComparison.Ordinal), Says = "metadata.annotations[api-approved.kubernetes.io]: Required value: protected groups must have approval annotation" },
        new("definition of limits", "create -f -") { Input = Definition, Says = "created" },
        new("definition of limits established", "wait --for=condition=Established crd/limits.refused$TAG.example.com --timeout=20s") { Says = "condition met" },
        new("rule over an integer", "create -n $NS-r -f -") { ExitCode = 1, Input = Limit("count: 7"), Says = "spec.count: Invalid value: 7: fewer" },
        new("rule over a number", "create -n $NS-r -f -") { ExitCode = 1, Input = Limit("ratio: 7.5"), Says = "spec.ratio: Invalid value: 7.5: less" },
        new("rule over a flag", "create -n $NS-r -f -") { ExitCode = 1, Input = Limit("flag: false"), Says = "spec.flag: Invalid value: false: must be on" },
        new("rule over a list", "create -n $NS-r -f -") { ExitCode = 1, Input = Limit("list: [a, b]"), Says = "spec.list: Invalid value: shorter" },
        new("rule with a path", "create -n $NS-r -f -") { ExitCode = 1, Input = Limit("point: {x: 1}"), Says = "spec.point.x: Invalid value: further" },
        new("rule that tells a duplicate", "create -n $NS-r -f -") { ExitCode = 1, Input = Limit("twin: {x: 1}"), Says = "spec.twin.x: Duplicate value" },
        new("rule that cannot be evaluated", "create -n $NS-r -f -") { ExitCode = 1, Input = Limit("point: {}"), Says = "spec.point: Invalid value: \"object\": no such key: x evaluating rule: further" },
        new("number of two faults", "create -n $NS-r -f -") { ExitCode = 1, Input = Limit("even: 7"), Says = "* spec.even: Invalid value: 7: spec.even in body should be a multiple of 2\n* spec.even: Invalid value: 7: spec.even in body should be less than or equal to 5" },
        new("text of two faults", "create -n $NS-r -f -") { ExitCode = 1, Input = Limit("name: b"), Says = "The Limit \"l\" is invalid: spec.name: Invalid value: \"b\": spec.name in body should be at least 2 chars long" },
        new("rules that were not checked", "create -n $NS-r -f -") { ExitCode = 1, Input = Limit("one: {a: a, b: b}"), Says = "* spec.one: Too many: 2: must have at most 1 item\n* <nil>: Invalid value: null: some validation rules were not checked because the object was invalid" },
        new("a limit", "create -n $NS-r -f -") { Input = Limit("count: 1"), Says = "created" },
        new("status that is none", "patch limit l -n $NS-r --subresource=status --type=merge -p {\"status\":{}}") { ExitCode = 1, Says = "limits.refused$TAG.example.com \"l\" not found" },
        new("unknown field of a limit, applied", "apply -n $NS-r --server-side -f -") { ExitCode = 1, Input = Limit("zzz: 1"), Says = "failed to create typed patch object ($NS-r/l; refused$TAG.example.com/v1, Kind=Limit): .spec.zzz: field not declared in schema" },
        new("delete limits", "delete crd limits.refused$TAG.example.com") { Says = "deleted" },
        new("refusals: delete the namespace", "delete namespace $NS-r --timeout=60s") { Says = "deleted" },
    ];

    private const string Map = "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"none\"}}";

    private static string Deployment(string container) =>
        "{apiVersion: apps/v1, kind: Deployment, metadata: {name: refused}, spec: {replicas: 0, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [" + container + "]}}}}";

    private static string Pod(string spec) => "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {" + spec + "}}";

    private static string Limit(string spec) => "{apiVersion: refused$TAG.example.com/v1, kind: Limit, metadata: {name: l}, spec: {" + spec + "}}";
}
