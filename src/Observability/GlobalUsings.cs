global using AlertRoute = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Alerts.AlertRouteSpec, Fleet.Contracts.Alerts.AlertRouteStatus>;
global using AlertRule = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Alerts.AlertRuleSpec, Fleet.Contracts.Alerts.AlertRuleStatus>;
global using ClusterDeployment = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Clusters.ClusterDeploymentSpec, Fleet.Contracts.Clusters.ClusterDeploymentStatus>;
global using CostExport = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Costs.CostExportSpec, Fleet.Contracts.Costs.CostExportStatus>;
global using PriceSheet = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Prices.PriceSheetSpec, Fleet.Contracts.NoStatus>;
global using Receiver = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Alerts.ReceiverSpec, Fleet.Contracts.Alerts.ReceiverStatus>;
global using Silence = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Alerts.SilenceSpec, Fleet.Contracts.Alerts.SilenceStatus>;
global using ServiceTemplate = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Templates.ServiceTemplateSpec, Fleet.Contracts.Templates.ServiceTemplateStatus>;
