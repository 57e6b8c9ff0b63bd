{{- define "posthorn.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 50 | trimSuffix "-" }}
{{- end }}

{{- define "posthorn.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" }}
{{- else }}
{{- $name := include "posthorn.name" . }}
{{- if contains $name .Release.Name }}
{{- .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 50 | trimSuffix "-" }}
{{- end }}
{{- end }}
{{- end }}

{{- define "posthorn.selectorLabels" -}}
app.kubernetes.io/name: {{ include "posthorn.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "posthorn.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "posthorn.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "posthorn.image" -}}
{{- if .Values.image.digest }}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest }}
{{- else }}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) }}
{{- end }}
{{- end }}

{{- define "posthorn.serviceAccount" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "posthorn.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{/* The roles to run, each a Deployment, as JSON: a template can only return text. */}}
{{- define "posthorn.roles" -}}
{{- if eq .Values.topology "all" }}["all"]{{ else }}["api","worker"]{{ end }}
{{- end }}

{{/* The role that answers the API. */}}
{{- define "posthorn.apiRole" -}}
{{- if eq .Values.topology "all" }}all{{ else }}api{{ end }}
{{- end }}

{{/* The role that delivers. */}}
{{- define "posthorn.workerRole" -}}
{{- if eq .Values.topology "all" }}all{{ else }}worker{{ end }}
{{- end }}

{{/* A variable from a key of the Secret: dict "root" $ "name" NAME "key" KEY "optional" BOOL */}}
{{- define "posthorn.secretEnv" -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef:
      name: {{ .root.Values.secret.name }}
      key: {{ .key }}
      {{- if .optional }}
      optional: true
      {{- end }}
{{- end }}
