import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { everyone } from '../../accounts/access.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import type { AuditTrail } from '../../accounts/audit-trail.ts';
import { apiError, logIn, type Session, session } from '../../contract/api.ts';
import { clearSessionCookie, sessionOf, setSessionCookie } from '../authentication.ts';
import type { HubApp } from '../hub-app.ts';
import { perMinute } from '../rate-limits.ts';
