// NestJS with its health module; `form` is the platform: express or fastify. Decorators are called as functions.
import 'reflect-metadata';
import { Controller, Get, Injectable, Logger, Module } from '@nestjs/common';
import { ModuleRef, NestFactory } from '@nestjs/core';
import { HealthCheckService, HealthIndicatorService, TerminusModule } from '@nestjs/terminus';
import { idlePeriodMs, task, tellReady } from './measured.mjs';

function workerClass(index) {
  const name = `worker-${index}`;
  class IdleWorker {
    name = name;
    logger = new Logger(name);
    onApplicationBootstrap() {
      this.timer = setInterval(() => this.run(), idlePeriodMs);
    }
    onModuleDestroy() {
      clearInterval(this.timer);
    }
    async run() {
      this.logger.debug('nothing to do');
    }
  }
  Injectable()(IdleWorker);
  return IdleWorker;
}

function indicatorClass(index) {
  const name = `contributor-${index}`;
  class Indicator {
    constructor(indicators) {
      this.indicators = indicators;
    }
    async isHealthy() {
      return this.indicators.check(name).up();
    }
  }
  Injectable()(Indicator);
  Reflect.defineMetadata('design:paramtypes', [HealthIndicatorService], Indicator);
  return Indicator;
}

const workers = Array.from({ length: task.workers }, (_, index) => workerClass(index));
const indicators = Array.from({ length: task.contributors }, (_, index) => indicatorClass(index));

class HealthController {
  constructor(health, service, moduleRef) {
    this.health = health;
    this.service = service;
    this.moduleRef = moduleRef;
  }
  onApplicationBootstrap() {
    const instances = workers.map((type) => this.moduleRef.get(type));
    // All workers are one indicator: cheaper here than one for each.
    const ofWorkers = async () =>
      this.service.check('workers').up(Object.fromEntries(instances.map(({ name }) => [name, 'up'])));
    const ofIndicators = indicators.map((type) => this.moduleRef.get(type)).map((each) => () => each.isHealthy());
    this.checks = [ofWorkers, ...ofIndicators];
  }
  check() {
    return this.health.check(this.checks);
  }
}
Controller('health')(HealthController);
Reflect.defineMetadata('design:paramtypes', [HealthCheckService, HealthIndicatorService, ModuleRef], HealthController);
Get()(HealthController.prototype, 'check', Object.getOwnPropertyDescriptor(HealthController.prototype, 'check'));

class BenchModule {}
Module({ imports: [TerminusModule], controllers: [HealthController], providers: [...workers, ...indicators] })(
  BenchModule,
);

async function create() {
  if (task.form !== 'fastify') return NestFactory.create(BenchModule);
  const { FastifyAdapter } = await import('@nestjs/platform-fastify');
  return NestFactory.create(BenchModule, new FastifyAdapter());
}

const application = await create();
application.enableShutdownHooks(['SIGTERM', 'SIGINT']);
await application.listen(task.port, '127.0.0.1');
tellReady();
